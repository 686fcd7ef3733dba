import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { QUERY_AHEAD } from '../domain/run/query-ahead.js';

const TRIES = 10;
const PAUSE_MS = 200;

/** Asks a query again that met a worker before the workflow task did whose events it is about: soon there is one. */
export const askAgain: WorkflowClientInterceptor = {
  async query(input, next) {
    for (let tries = 1; ; tries += 1) {
      try {
        return await next(input);
      } catch (error) {
        if (tries === TRIES || !(error instanceof Error) || !error.message.includes(QUERY_AHEAD)) throw error;
        await pause(PAUSE_MS);
      }
    }
  },
};
