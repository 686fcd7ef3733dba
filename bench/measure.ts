import { load, type Conditions } from './conditions.js';
import type { Ending } from './ending.js';
import type { Options } from './options.js';
import type { Result } from './results.js';
import type { Bench, Scenario } from './scenario.js';
import { Stand } from './stand.js';
import { summary } from './statistics.js';

type Measure = Pick<Result, 'measure' | 'of' | 'unit'>;

/** Carries scenarios out, one after the other. */
export class Measuring {
  #stand: Promise<Stand> | undefined;

  constructor(
    private readonly options: Options,
    private readonly conditions: Conditions,
    private readonly ending: Ending,
  ) {}

  /** What a scenario comes to, as far as it can be measured; after one that fails the next finds everything new. */
  async of(scenario: Scenario): Promise<{ readonly results: Result[]; readonly failure?: unknown }> {
    const values = new Map<string, number[]>();
    const { size, runs } = this.options;
    const bench: Bench = {
      size,
      ending: this.ending,
      runs: (times) => runs ?? times[size === 'quick' ? 'quick' : 'usual'],
      stand: () => (this.#stand ??= Stand.open(this.ending)),
      take: (measure, of, unit, value) => {
        const key = JSON.stringify({ measure, of, unit } satisfies Measure);
        const taken = values.get(key) ?? [];
        taken.push(value);
        values.set(key, taken);
      },
    };
    const before = load();
    const results = (): Result[] => {
      const shared = { ...this.conditions, scenario: scenario.name, load: [before, load()] as const };
      return [...values].map(([key, all]) => ({ ...shared, ...(JSON.parse(key) as Measure), ...summary(all) }));
    };
    try {
      await scenario.measure(bench);
      return { results: results() };
    } catch (failure) {
      const broken = this.#stand;
      this.#stand = undefined;
      await (await broken)?.close();
      return { results: results(), failure };
    }
  }
}
