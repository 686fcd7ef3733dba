import { oneLine } from '../text/one-line.js';
import { shownJson } from '../text/shown-json.js';

/** Where a value of a report is: it sums up all of it, it is one of its results, or it lies in something else. */
type Level = 'sum' | 'result' | 'within';

interface Place {
  readonly value: object;
  readonly path: string;
  readonly level: Level;
}

/** An overall word. */
const VERDICT = /^(overall|(overall_)?(status|result|outcome|verdict|conclusion))$/;
const GOOD_WORD =
  /^(pass|passed|passing|ok|okay|success|successful|succeeded|healthy|good|green|clean|done|complete|completed|finished)$/i;
const BAD_WORD =
  /^(fail|failed|failing|failure|error|errored|broken|bad|red|critical|unhealthy|skip|skipped|timeout|timed_?out|aborted|crashed|incomplete|partial|not_?run|inconclusive|unknown)$/i;
/** What has to be true. */
const GOOD = /^(ok|pass|passed|passing|success|successful|succeeded|healthy|valid|clean|complete|completed)$/;
/** What has to be nothing. */
const TROUBLE =
  /^((num|n|number|total|has|count)_(of_)?)?(failed|failing|fails?|failures?|errors?|exceptions?|skipped|skips?)(_(checks?|count|results?|tests?|total|messages?|names?))?$|^(truncated|incomplete|partial|aborted|crashed|cancell?ed|interrupted|timed_?out|traceback|not_run)$/;
/** What counts the results. */
const COUNT = /^(total|checks|total_checks|expected|pass|passed)$/;
/** What a result has found is data, and may say anything. */
const DATA = /^(details?|name)$/;

/**
 * What in a report contradicts that its results, so many of them, are all PASS: at its top or in its `summary` a word, a flag or a number; in a result
 * or in anything else a failure, an error, or something that was left out.
 */
export function contradictionIn(report: Record<string, unknown>, results: number): string | undefined {
  // Grows as it is walked, without recursion: a report may lie deeper in itself than the stack is.
  const left: Place[] = [{ value: report, path: '', level: 'sum' }];
  for (const place of left)
    for (const [key, value] of Object.entries(place.value) as [string, unknown][]) {
      const path = place.path === '' ? key : `${place.path}.${key}`;
      const wanted = Array.isArray(place.value) ? undefined : wantedOf(plain(key), value, place, results);
      if (wanted !== undefined)
        return `its "${oneLine(path, 80)}" is ${shownJson(value)}, and its results come to ${wanted}`;
      if (value !== null && typeof value === 'object' && !(place.level !== 'sum' && DATA.test(plain(key))))
        left.push({ value, path, level: levelOf(place, key, value) });
    }
  return undefined;
}

function levelOf(place: Place, key: string, value: object): Level {
  if (place.path === '' && key === 'summary' && !Array.isArray(value)) return 'sum';
  return place.path === 'results' ? 'result' : 'within';
}

/** `errorMessage` and `error-message` are `error_message`. */
const plain = (key: string): string =>
  key
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/** What the results come to that a value contradicts; undefined where it may be as it is. */
function wantedOf(key: string, value: unknown, { path, level }: Place, results: number): string | undefined {
  const sums = level === 'sum';
  const word = typeof value === 'string' ? value.trim() : undefined;
  if (VERDICT.test(key) && !(level === 'result' && key === 'status' && word === 'PASS'))
    if (
      sums && (word !== undefined || key === 'status') ? !isGood(value) : value === false || BAD_WORD.test(word ?? '')
    )
      return 'PASS';
  if (sums && COUNT.test(key) && (typeof value === 'number' || key === 'total') && value !== results)
    return String(results);
  if (GOOD.test(key) && (sums && /^(ok|passed)$/.test(key) ? value !== true && value !== results : value === false))
    return 'PASS';
  if (TROUBLE.test(key) && !isNothing(value)) return 'PASS';
  if (path === '' && key === 'summary' && word !== undefined && FAILED.test(word.replace(NONE_FAILED, '')))
    return 'PASS';
  return undefined;
}

const isGood = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && GOOD_WORD.test(value.trim()));

const FAILED = /\bfail(ed|ures?|s)?\b/i;
/** "0 failed", "no failures", "failed: 0". */
const NONE_FAILED = /\b(0|no|none)( \w+)? fail\w*|\bfail\w*\s*[:=]\s*(0|none|\[\])/gi;

function isNothing(value: unknown): boolean {
  if (typeof value === 'string') return /^(|0|no|none|false|n\/a)$/i.test(value.trim());
  if (value === null || typeof value !== 'object')
    return value === null || value === undefined || value === 0 || value === false;
  return Array.isArray(value) ? value.length === 0 : Object.values(value).every((each) => isNothingFlat(each));
}

const isNothingFlat = (value: unknown): boolean =>
  value !== null && typeof value === 'object' ? Array.isArray(value) && value.length === 0 : isNothing(value);
