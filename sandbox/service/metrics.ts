const BUCKETS_MS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

interface Series {
  method: string;
  route: string;
  status: number;
  createdSeconds: number;
  count: number;
  sumMs: number;
  buckets: number[];
}

// Prometheus's Python client writes whole numbers as 5.0 and so does ARIS3.
const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** The counters of one process, from zero, as Prometheus text in the manner of ARIS3's /aris3/ops/metrics. */
export class Metrics {
  readonly #requests = new Map<string, Series>();
  readonly #violations = new Map<string, number>();

  /** Counts one answered request. `route` is a template such as /aris3/transfers/{id}/actions. */
  observe(method: string, route: string, status: number, durationMs: number): void {
    const key = `${method} ${route} ${status}`;
    let series = this.#requests.get(key);
    if (series === undefined) {
      series = {
        method,
        route,
        status,
        createdSeconds: Date.now() / 1_000,
        count: 0,
        sumMs: 0,
        buckets: BUCKETS_MS.map(() => 0),
      };
      this.#requests.set(key, series);
    }
    series.count += 1;
    series.sumMs += durationMs;
    series.buckets = series.buckets.map(
      (count, index) => count + (durationMs <= (BUCKETS_MS[index] ?? Infinity) ? 1 : 0),
    );
  }

  /** Counts one violation of an integrity invariant that a request came across. */
  violation(checkId: string): void {
    this.#violations.set(checkId, (this.#violations.get(checkId) ?? 0) + 1);
  }

  render(): string {
    const all = [...this.#requests.values()];
    const labels = (series: Series): string =>
      `method="${series.method}",route="${series.route}",status="${series.status}"`;
    const lines = [
      '# HELP http_requests_total HTTP requests by route/method/status.',
      '# TYPE http_requests_total counter',
      ...all.map((series) => `http_requests_total{${labels(series)}} ${float(series.count)}`),
      '# HELP http_requests_created HTTP requests by route/method/status.',
      '# TYPE http_requests_created gauge',
      ...all.map((series) => `http_requests_created{${labels(series)}} ${float(series.createdSeconds)}`),
      '# HELP http_request_duration_ms HTTP request latency in milliseconds.',
      '# TYPE http_request_duration_ms histogram',
      ...all.flatMap((series) => [
        ...BUCKETS_MS.map(
          (le, index) =>
            `http_request_duration_ms_bucket{le="${float(le)}",${labels(series)}} ${float(series.buckets[index] ?? 0)}`,
        ),
        `http_request_duration_ms_bucket{le="+Inf",${labels(series)}} ${float(series.count)}`,
        `http_request_duration_ms_count{${labels(series)}} ${float(series.count)}`,
        `http_request_duration_ms_sum{${labels(series)}} ${float(series.sumMs)}`,
      ]),
      '# HELP invariants_violation_total Integrity invariant violations.',
      '# TYPE invariants_violation_total counter',
      ...[...this.#violations].map(
        ([check, count]) => `invariants_violation_total{check_id="${check}"} ${float(count)}`,
      ),
    ];
    return `${lines.join('\n')}\n`;
  }
}
