import { cut } from '../cut-text.js';

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
}

/** An endpoint that doesn't speak Prometheus's text format, with the line that shows it. */
export class NotExposition extends Error {}

const LINE = /^([A-Za-z_:][A-Za-z0-9_:]*)\s*(\{.*)?$/;
const LABEL = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y;

/** Reads Prometheus's text format (0.0.4, and what OpenMetrics adds to it). Timestamps and exemplars are left aside. Throws NotExposition. */
export function readExposition(text: string): Exposition {
  const samples: ScrapedSample[] = [];
  const announced = new Set<string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('#')) {
      const name = /^#\s*(?:HELP|TYPE)\s+(\S+)/.exec(line)?.[1];
      if (name !== undefined) announced.add(name);
      continue;
    }
    const sample = readSample(line);
    if (sample === undefined)
      throw new NotExposition(
        `line ${index + 1} is no sample of Prometheus's text format: ${cut(line, 80).replace(/\p{Cc}/gu, ' ')}`,
      );
    samples.push(sample);
  }
  return { samples, announced };
}

function readSample(line: string): ScrapedSample | undefined {
  const nameEnd = line.search(/[\s{]/);
  if (nameEnd < 1) return undefined;
  const name = line.slice(0, nameEnd);
  if (!LINE.test(name)) return undefined;
  let rest = line.slice(nameEnd).trimStart();
  const labels: [string, string][] = [];
  if (rest.startsWith('{')) {
    let at = 1;
    for (;;) {
      LABEL.lastIndex = at;
      const found = LABEL.exec(rest);
      if (!found) break;
      labels.push([found[1] ?? '', unescaped(found[2] ?? '')]);
      at = LABEL.lastIndex;
    }
    const close = /\s*\}/y;
    close.lastIndex = at;
    if (!close.test(rest)) return undefined;
    rest = rest.slice(close.lastIndex).trimStart();
  }
  const value = numberOf(rest.split(/\s+/, 1)[0] ?? '');
  return value === undefined ? undefined : { name, labels: Object.fromEntries(labels), value };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };
const unescaped = (text: string): string => text.replace(/\\(.)/g, (whole, next: string) => ESCAPES[next] ?? whole);

function numberOf(text: string): number | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
