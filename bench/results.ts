import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Conditions } from './conditions.js';
import type { Unit } from './scenario.js';
import type { Of } from './side.js';
import type { Summary } from './statistics.js';

/** One measure of one side in one run of the benchmark: a line of the results. */
export interface Result extends Summary, Conditions {
  readonly scenario: string;
  readonly measure: string;
  readonly of: Of;
  readonly unit: Unit;
  /** The load of the machine when the scenario began and ended. */
  readonly load: readonly [number, number];
}

export async function appendResults(file: string, results: readonly Result[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
}

/** What a file of results has, run after run. Throws, with a sentence, when it can't be read or a line is none. */
export async function readResults(file: string): Promise<Result[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`There are no results to read in ${file}: ${(error as Error).message}`, { cause: error });
  });
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as Result];
    } catch (error) {
      throw new Error(`${file}:${index + 1} was to be a result as JSON: ${(error as Error).message}`, { cause: error });
    }
  });
}

/** Of each scenario what its last run has measured. */
export function newest(results: readonly Result[]): Result[] {
  const last = new Map<string, string>();
  for (const { scenario, at } of results) if (at >= (last.get(scenario) ?? '')) last.set(scenario, at);
  return results.filter(({ scenario, at }) => last.get(scenario) === at);
}
