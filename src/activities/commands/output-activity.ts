import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Dependencies } from '../dependencies.js';
import { NoSuchOutput, readOutput, type OutputChunk, type OutputRequest } from './read-output.js';

export interface OutputActivities {
  /** What a command of this host's ledger has printed, part by part. It is started by itself, by `golive logs`; it only reads. */
  readonly readOutput: (request: OutputRequest) => Promise<OutputChunk>;
}

export function outputActivities({ ledger, shutdown }: Pick<Dependencies, 'ledger' | 'shutdown'>): OutputActivities {
  return {
    async readOutput(request) {
      try {
        return await readOutput(ledger, request, AbortSignal.any([Context.current().cancellationSignal, shutdown]));
      } catch (error) {
        if (error instanceof NoSuchOutput) throw ApplicationFailure.nonRetryable(error.message, error.name);
        throw error;
      }
    },
  };
}
