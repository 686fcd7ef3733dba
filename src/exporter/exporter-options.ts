import type { TelemetryOptions } from '@temporalio/worker';
import { LATENCY_BUCKETS, OWN_METRICS } from '../domain/telemetry/own-metrics.js';

/** Where the metrics are served, at `/metrics`. */
export interface MetricsAddress {
  /** An IP address: the SDK's exporter takes no names. */
  readonly host: string;
  readonly port: number;
}

/** `http://127.0.0.1:9464/metrics` */
export const metricsUrl = ({ host, port }: MetricsAddress): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}/metrics`;

/** The SDK's own exporter serves its metrics and golive's in one scrape, by the conventions of Prometheus: seconds, `_total`. */
export const exporterOptions = ({ host, port }: MetricsAddress): NonNullable<TelemetryOptions['metrics']> => ({
  attachServiceName: false,
  prometheus: {
    bindAddress: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
    histogramBucketOverrides: { [OWN_METRICS.decisionLatency.name]: [...LATENCY_BUCKETS] },
  },
});
