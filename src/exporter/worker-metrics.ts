import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { MetricMeter } from '@temporalio/common';
import type { Logger } from 'pino';
import { environmentOf } from '../domain/run/workflow-id.js';
import { holdAges, holdsOpen, runsByPhase, type OpenRun } from '../domain/telemetry/open-runs.js';
import { nameOfCounter, OWN_METRICS, zerosOf } from '../domain/telemetry/own-metrics.js';
import { readRemembered } from '../temporal/left-with-server.js';
import { openRunsOn } from '../temporal/runs-query.js';
import { folderSize } from './folder-size.js';
import { Gauge } from './gauges.js';

export interface WorkerMetricsOptions {
  readonly client: Client;
  readonly taskQueue: string;
  /** Of the SDK's runtime. */
  readonly meter: MetricMeter;
  readonly log: Logger;
  readonly version: string;
  readonly buildId: string;
  /** The folder of the ledger. */
  readonly ledger: string;
  /** The faults of runs that the watchdog sees. */
  readonly faults: () => Promise<readonly { readonly workflowId: string; readonly kind: string }[]>;
}

const EVERY_MS = 15_000;
const LIST_MS = 10_000;
/** Each file of the ledger is looked at for its size. */
const LEDGER_EVERY_MS = 60_000;
const NO_FAULT = ['stuck', 'ended'];

type Name = { [Key in keyof typeof OWN_METRICS]: (typeof OWN_METRICS)[Key]['kind'] extends 'gauge' ? Key : never };

/** The gauges of a worker, and the zeros of its counters: one list of the open runs each quarter of a minute. What runs count themselves is not here. */
export class WorkerMetrics {
  readonly #meter: MetricMeter;
  readonly #gauges: Readonly<Record<Name[keyof Name], Gauge>>;
  readonly #begun = new Set<string>();
  #ledgerDue = 0;
  #fault: string | undefined;

  constructor(private readonly around: WorkerMetricsOptions) {
    const { client, taskQueue, version, buildId } = around;
    // As the SDK labels what workflows count.
    this.#meter = around.meter.withTags({ namespace: client.options.namespace, taskQueue });
    const gauge = (name: Name[keyof Name]) => new Gauge(this.#meter, OWN_METRICS[name]);
    this.#gauges = {
      buildInfo: gauge('buildInfo'),
      lastLook: gauge('lastLook'),
      runs: gauge('runs'),
      holdsOpen: gauge('holdsOpen'),
      holdAge: gauge('holdAge'),
      faults: gauge('faults'),
      ledgerBytes: gauge('ledgerBytes'),
    };
    this.#gauges.buildInfo.set([{ labels: { version, build_id: buildId }, value: 1 }]);
  }

  /** Looks until the signal comes. Never rejects: what it can't see now it looks at again, and the gauges say how old they are. */
  async watch(signal: AbortSignal): Promise<void> {
    const { log } = this.around;
    while (!signal.aborted) {
      try {
        await this.look(signal);
        if (this.#fault !== undefined) log.info('the metrics see the open runs again');
        this.#fault = undefined;
      } catch (error) {
        if (signal.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        if (why !== this.#fault) log.warn({ err: error }, 'the metrics are old: the open runs can’t be listed');
        this.#fault = why;
      }
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One look at the open runs, the faults and, when it is due, the ledger. @param now epoch milliseconds */
  async look(over: AbortSignal, now = Date.now()): Promise<void> {
    const { faults, ledger } = this.around;
    if (now >= this.#ledgerDue) {
      this.#ledgerDue = now + LEDGER_EVERY_MS;
      this.#gauges.ledgerBytes.set([{ labels: {}, value: await folderSize(ledger) }]);
    }
    const runs = await this.#openRuns(over);
    const found = await faults();
    for (const { workflowId } of runs) this.#begin(environmentOf(workflowId));
    this.#gauges.runs.set(runsByPhase(runs));
    this.#gauges.holdsOpen.set(holdsOpen(runs));
    this.#gauges.holdAge.set(holdAges(runs, now));
    const none = [...this.#begun].flatMap((environment) => NO_FAULT.map((kind) => faultOf(environment, kind, 0)));
    const some = found.map(({ workflowId, kind }) => faultOf(environmentOf(workflowId), kind, 1));
    this.#gauges.faults.set([...none, ...some]);
    this.#gauges.lastLook.set([{ labels: {}, value: now / 1000 }]);
  }

  async #openRuns(over: AbortSignal): Promise<OpenRun[]> {
    const { client, taskQueue } = this.around;
    // One for each look: whoever listens to the worker's own would do so for ever.
    const signal = AbortSignal.any([over]);
    setMaxListeners(0, signal);
    return await client.withDeadline(Date.now() + LIST_MS, () =>
      client.withAbortSignal(signal, async () => {
        const runs: OpenRun[] = [];
        for await (const { workflowId, memo } of client.workflow.list({ query: openRunsOn(taskQueue) }))
          runs.push({ workflowId, remembered: readRemembered(memo) });
        return runs;
      }),
    );
  }

  /** An environment's counters begin at 0. */
  #begin(environment: string): void {
    if (this.#begun.has(environment)) return;
    this.#begun.add(environment);
    for (const { metric, labels } of zerosOf(environment))
      this.#meter.createCounter(nameOfCounter(metric), '', metric.help).add(0, labels);
  }
}

const faultOf = (environment: string, kind: string, value: number) => ({ labels: { environment, kind }, value });
