import { shortened } from '../../domain/text/cut-text.js';
import { z } from 'zod';
import { plainNumber } from '../../domain/metrics/plain-number.js';
import type { Sample } from '../../domain/metrics/prometheus-parts.js';
import { askAgainAndAgain } from '../http.js';

/** Why Prometheus gave no usable answer, in a sentence for people. */
export class NoAnswer extends Error {}

export interface PrometheusApi {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const point = z.tuple([z.number(), z.string()]);
const success = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).optional(),
  /** Beside an answer it says that the answer isn't whole. */
  error: z.string().optional(),
  /** What VictoriaMetrics says of an answer without some of its storage nodes. */
  isPartial: z.boolean().optional(),
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('vector'),
      result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: point })),
    }),
    z.object({ resultType: z.literal('scalar'), result: point }),
  ]),
});
const failure = z.object({ status: z.literal('error'), errorType: z.string().default(''), error: z.string() });

/** The part of a look's time that Prometheus has for itself: it should give up before we do, and say why. */
const SHARE = 0.9;

/** One instant query, now. Throws NoAnswer with a sentence for everything that isn't a complete answer; a part of one is none. */
export async function query(
  { url, headers }: PrometheusApi,
  promql: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Sample[]> {
  if (timeoutMs <= 0) throw new NoAnswer('no time was left to ask Prometheus: give the check a longer timeout');
  const form = { query: promql, timeout: `${Math.ceil(SHARE * timeoutMs)}ms` };
  const { status, body } = await askAgainAndAgain(`${url}/api/v1/query`, {
    timeoutMs: Math.ceil(timeoutMs),
    signal,
    headers,
    form,
  }).catch((error: unknown) => {
    throw new NoAnswer(`Prometheus: ${(error as Error).message}`, { cause: error });
  });
  return samplesIn(status, body);
}

/** What an answer of the query API says. Throws NoAnswer for everything that isn't a whole one. Exported for its tests. */
export function samplesIn(status: number, body: string): Sample[] {
  const json = parsed(body);
  if (status !== 200) throw new NoAnswer(refusal(status, failure.safeParse(json).data));
  const refused = failure.safeParse(json).data;
  if (refused) throw new NoAnswer(refusal(status, refused));
  const answer = success.safeParse(json);
  if (!answer.success)
    throw new NoAnswer(`expected an answer of Prometheus's query API, a vector or a scalar; got ${inShort(body)}`);
  const { warnings = [], error, isPartial, data } = answer.data;
  if (isPartial) throw new NoAnswer('Prometheus gave only a part of the answer (isPartial)');
  if (error) throw new NoAnswer(`Prometheus gave an error beside its answer: ${inShort(error)}`);
  if (warnings.length > 0)
    throw new NoAnswer(`Prometheus gave only a part of the answer: ${inShort(warnings.join('; '))}`);
  return data.resultType === 'scalar'
    ? [{ labels: {}, value: number(data.result[1]) }]
    : data.result.map(({ metric, value }) => ({ labels: metric, value: number(value[1]) }));
}

function refusal(status: number, told: z.output<typeof failure> | undefined): string {
  const words = told ? `: ${inShort([told.errorType, told.error].filter(Boolean).join(': '))}` : '';
  if (status === 401 || status === 403)
    return `Prometheus refused the credentials (${status})${words}. Correct metrics.prometheus.bearer or basic, or the variables they name`;
  if (status >= 300 && status < 400)
    return `Prometheus answered with a redirect (${status}): metrics.prometheus.url must be the address of its API itself`;
  return `Prometheus answered ${status}${words}`;
}

/** What is no number as Prometheus writes them is none: NaN. */
const number = (text: string): number => plainNumber(text) ?? NaN;

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // what came is shown by the caller
  }
}

const LONGEST = 200;
const inShort = (text: string): string => {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line === '' ? 'nothing' : shortened(line, LONGEST);
};
