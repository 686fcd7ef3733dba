import { shortened } from '../text/cut-text.js';
import { plainNumber } from './plain-number.js';

/** One line of a scraped endpoint. */
export interface ScrapedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** NaN and ±Infinity as they were written. */
  readonly value: number;
}

export interface Exposition {
  readonly samples: readonly ScrapedSample[];
  /** Names that a HELP or TYPE line announces, also those without a sample yet. */
  readonly announced: ReadonlySet<string>;
  /** What a TYPE line says a name is: counter, gauge, histogram, summary, …. */
  readonly types: ReadonlyMap<string, string>;
}

/** An endpoint that doesn't speak Prometheus's text format, with the line that shows it. */
export class NotExposition extends Error {}

const NAME = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
/** A label: its name is a word, or any text in quotes (UTF-8 names). */
const LABEL = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|"((?:[^"\\]|\\.)*)")\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y;
/** A metric's own name in quotes, first in the braces. */
const QUOTED = /\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y;

/** Reads Prometheus's text format (0.0.4, and what OpenMetrics adds to it). Timestamps and exemplars are left aside. Throws NotExposition. */
export function readExposition(text: string): Exposition {
  const samples: ScrapedSample[] = [];
  const announced = new Set<string>();
  const types = new Map<string, string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('#')) {
      const [, what, word, quoted, rest] = /^#\s*(HELP|TYPE)\s+(?:"((?:[^"\\]|\\.)*)"|(\S+))\s*(\S*)/.exec(line) ?? [];
      const name = word === undefined ? quoted : unescaped(word);
      if (name !== undefined) announced.add(name);
      if (name !== undefined && what === 'TYPE' && rest) types.set(name, rest);
      continue;
    }
    const sample = readSample(line);
    if (sample === undefined)
      throw new NotExposition(
        `line ${index + 1} is not a valid Prometheus sample: ${shortened(line, 80).replace(/\p{Cc}/gu, ' ')}`,
      );
    samples.push(sample);
  }
  if (text !== '' && !text.endsWith('\n'))
    throw new NotExposition("it is cut off: the last line of Prometheus's text format ends with a line feed");
  return { samples, announced, types };
}

function readSample(line: string): ScrapedSample | undefined {
  const nameEnd = line.search(/[\s{]/);
  let name = nameEnd < 1 ? undefined : line.slice(0, nameEnd);
  if (name === undefined ? !line.startsWith('{') : !NAME.test(name)) return undefined;
  let rest = line.slice(Math.max(0, nameEnd)).trimStart();
  let labels: Labels | undefined;
  if (rest.startsWith('{')) {
    let at = 1;
    if (name === undefined) {
      QUOTED.lastIndex = at;
      const own = QUOTED.exec(rest);
      if (!own) return undefined;
      name = unescaped(own[1] ?? '');
      at = QUOTED.lastIndex;
    }
    labels = readLabels(rest, at);
    if (labels === undefined) return undefined;
    rest = rest.slice(labels.end).trimStart();
  }
  const [, written = '', timestamp, exemplar] = VALUE.exec(rest) ?? [];
  const value = plainNumber(written);
  if (value === undefined || name === undefined || !isTimestamp(timestamp) || !isExemplar(exemplar)) return undefined;
  return { name, labels: Object.fromEntries(labels?.pairs ?? []), value };
}

interface Labels {
  readonly pairs: ReadonlyMap<string, string>;
  /** Behind the closing brace. */
  readonly end: number;
}

/** The labels from there on; undefined where they aren't closed, or one is named twice: nobody knows which of the two it is. */
function readLabels(text: string, from: number): Labels | undefined {
  const pairs = new Map<string, string>();
  let end = from;
  for (;;) {
    LABEL.lastIndex = end;
    const found = LABEL.exec(text);
    if (!found) break;
    const name = found[1] ?? unescaped(found[2] ?? '');
    if (pairs.has(name)) return undefined;
    pairs.set(name, unescaped(found[3] ?? ''));
    end = LABEL.lastIndex;
  }
  const close = /\s*\}/y;
  close.lastIndex = end;
  return close.test(text) ? { pairs, end: close.lastIndex } : undefined;
}

/** What follows the labels: the value, perhaps a timestamp, perhaps an exemplar. Anything else may be a line that another writer began. */
const VALUE = /^(\S+)(?:[ \t]+(?!#)(\S+))?(?:[ \t]+#[ \t]+(\{.*))?$/;

const isTimestamp = (text: string | undefined): boolean =>
  text === undefined || Number.isFinite(plainNumber(text) ?? NaN);

/** `{trace_id="x"} 0.5 1712345678.25`, as OpenMetrics has it. */
function isExemplar(text: string | undefined): boolean {
  if (text === undefined) return true;
  const labels = readLabels(text, 1);
  const [, value = '', timestamp] = (labels && /^[ \t]+(\S+)(?:[ \t]+(\S+))?$/.exec(text.slice(labels.end))) ?? [];
  return plainNumber(value) !== undefined && isTimestamp(timestamp);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };
const unescaped = (text: string): string => text.replace(/\\(.)/g, (whole, next: string) => ESCAPES[next] ?? whole);
