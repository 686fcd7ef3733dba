import { parseArgs } from 'node:util';
import type { Scenario, Size } from './scenario.js';

/** What a run of the benchmark is asked for. */
export interface Options {
  readonly size: Size;
  readonly scenarios: readonly Scenario[];
  /** Of everything that is done again and again, instead of as often as usual. */
  readonly runs: number | undefined;
  /** Where results are appended, as JSON lines. */
  readonly out: string;
  /** A file of results of earlier. */
  readonly compare: string | undefined;
  readonly writeDocs: boolean;
}

const FLAGS = {
  quick: { type: 'boolean', default: false },
  full: { type: 'boolean', default: false },
  only: { type: 'string' },
  runs: { type: 'string' },
  out: { type: 'string', default: '.golive/bench/results.jsonl' },
  compare: { type: 'string' },
  'write-docs': { type: 'boolean', default: false },
} as const;

/** Throws, with what to write instead, for what can't be done. */
export function readOptions(args: readonly string[], all: readonly Scenario[]): Options {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  if (values.quick && values.full) throw new Error('Say --quick or --full, not both.');
  if (values.runs !== undefined && !/^[1-9]\d*$/.test(values.runs))
    throw new Error(`--runs is a number from 1 on, not "${values.runs}".`);
  const names = values.only?.split(',').map((name) => name.trim());
  const unknown = names?.filter((name) => !all.some((each) => each.name === name)) ?? [];
  if (unknown.length > 0)
    throw new Error(`No scenario "${unknown.join('", "')}". There are: ${all.map(({ name }) => name).join(', ')}.`);
  return {
    size: values.quick ? 'quick' : values.full ? 'full' : 'usual',
    scenarios: all.filter(({ name, takesLong }) => names?.includes(name) ?? !(values.quick && takesLong)),
    runs: values.runs === undefined ? undefined : Number(values.runs),
    out: values.out,
    compare: values.compare,
    writeDocs: values['write-docs'],
  };
}
