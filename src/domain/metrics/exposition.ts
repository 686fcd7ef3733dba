import { shortened } from '../cut-text.js';

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
        `line ${index + 1} is no sample of Prometheus's text format: ${shortened(line, 80).replace(/\p{Cc}/gu, ' ')}`,
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
  const labels: [string, string][] = [];
  if (rest.startsWith('{')) {
    let at = 1;
    if (name === undefined) {
      QUOTED.lastIndex = at;
      const own = QUOTED.exec(rest);
      if (!own) return undefined;
      name = unescaped(own[1] ?? '');
      at = QUOTED.lastIndex;
    }
    for (;;) {
      LABEL.lastIndex = at;
      const found = LABEL.exec(rest);
      if (!found) break;
      labels.push([found[1] ?? unescaped(found[2] ?? ''), unescaped(found[3] ?? '')]);
      at = LABEL.lastIndex;
    }
    const close = /\s*\}/y;
    close.lastIndex = at;
    if (!close.test(rest)) return undefined;
    rest = rest.slice(close.lastIndex).trimStart();
  }
  const value = numberOf(rest.split(/\s+/, 1)[0] ?? '');
  return value === undefined || name === undefined ? undefined : { name, labels: Object.fromEntries(labels), value };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };
const unescaped = (text: string): string => text.replace(/\\(.)/g, (whole, next: string) => ESCAPES[next] ?? whole);

function numberOf(text: string): number | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
