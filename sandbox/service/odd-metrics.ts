/** How the metrics of a release differ from those of the one before, as libraries and configurations do it: what was measured can't be measured any more. */
export const ODD_METRICS = [
  'status-renamed',
  'status-gone',
  'routes-renamed',
  'summary',
  'no-inf',
  'few-buckets',
  'violations-renamed',
] as const;
export type OddMetrics = (typeof ODD_METRICS)[number];

/** The metrics as such a release writes them. */
export function oddly(text: string, how: OddMetrics): string {
  switch (how) {
    case 'status-renamed':
      return text.replaceAll('status="', 'status_code="');
    case 'status-gone':
      return text.replaceAll(/,status="\d+"/g, '');
    case 'routes-renamed':
      return text.replaceAll('route="/aris3/', 'route="/');
    case 'summary':
      return text
        .replace('# TYPE http_request_duration_ms histogram', '# TYPE http_request_duration_ms summary')
        .replaceAll(/^http_request_duration_ms_bucket.*\n/gm, '');
    case 'no-inf':
      return text.replaceAll(/^http_request_duration_ms_bucket\{le="\+Inf".*\n/gm, '');
    case 'few-buckets':
      return text.replaceAll(/^http_request_duration_ms_bucket\{le="([\d.]+)".*\n/gm, (line, le: string) =>
        Number(le) > 250 ? '' : line,
      );
    case 'violations-renamed':
      return text.replaceAll('invariants_violation_total', 'invariant_violations_total');
  }
}
