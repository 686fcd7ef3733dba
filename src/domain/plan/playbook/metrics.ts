import { z } from 'zod';
import { path, positive, text, url } from './scalars.js';

const basic = z.strictObject({ username: text, password: text });

/** Prometheus's HTTP API. */
const prometheus = z
  .strictObject({
    url,
    bearer: text.optional(),
    basic: basic.optional(),
    /** Label matchers for every ready-made measure, such as `job="aris3"`. */
    selector: text.optional(),
    /** How old the newest sample may be, in milliseconds. */
    freshFor: positive.default(60_000),
  })
  .refine((value) => value.bearer === undefined || value.basic === undefined, 'takes bearer or basic, not both');

/** The service's own endpoint, asked directly: at each instance, listed or discovered, or else at the target's own address. */
const scrape = z
  .strictObject({
    path,
    instances: z.array(url).min(1).optional(),
    /** A URL that answers as Prometheus's HTTP service discovery does: `[{"targets":["host:port"],"labels":{…}}]`. */
    discovery: url.optional(),
    bearer: text.optional(),
  })
  .refine(
    (value) => value.instances === undefined || value.discovery === undefined,
    'takes instances or discovery, not both',
  );

/** Where metric checks have their numbers from. Names and units default to those of ARIS3. */
export const metrics = z
  .strictObject({
    prometheus: prometheus.optional(),
    scrape: scrape.optional(),
    /** What rates and percentiles are taken over, in milliseconds. */
    window: positive.default(300_000),
    names: z
      .strictObject({
        requests: text.default('http_requests_total'),
        /** The histogram, without `_bucket`. */
        duration: text.default('http_request_duration_ms'),
        durationUnit: z.enum(['ms', 's']).default('ms'),
        status: text.default('status'),
        route: text.default('route'),
        method: text.default('method'),
        violations: text.default('invariants_violation_total'),
      })
      .prefault({}),
  })
  .refine(
    (value) => (value.prometheus === undefined) !== (value.scrape === undefined),
    'needs exactly one of prometheus or scrape',
  );

export type Metrics = z.output<typeof metrics>;
