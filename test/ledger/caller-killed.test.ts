import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { killCaller, seededRandom, startCaller } from './caller-process.js';
import { exists, LedgerFixture, SUPERVISORS, until } from './ledger-fixture.js';

/** For a larger campaign: GOLIVE_KILLS=1000. */
const KILLS = Number(process.env.GOLIVE_KILLS ?? 20);
const SEED = Number(process.env.GOLIVE_SEED ?? 20_261_123);
/** A caller takes about this long from its start to its end. */
const LIFE_MS = 350;

describe.each(SUPERVISORS)('the caller is killed with -9, its supervisors are %s', (supervisors) => {
  let fixture: LedgerFixture;
  beforeEach(async () => void (fixture = await LedgerFixture.create()));
  afterEach(() => fixture.remove());

  test(
    `at ${KILLS} instants (seed ${SEED}): each command runs once and its outcome is known`,
    async () => {
      const random = seededRandom(SEED);
      const instants = Array.from({ length: KILLS }, () => random() * LIFE_MS);
      const lane = async (number: number): Promise<void> => {
        for (let instant = instants.pop(); instant !== undefined; instant = instants.pop()) {
          const key = await fixture.key();
          const spec = fixture.spec('sleep 0.03; echo done', { environment: `lane-${number}` });
          const caller = startCaller(fixture.root, key, spec, supervisors);
          await pause(instant);
          await killCaller(caller);
          const outcome = await fixture.ledger.run(key, spec);
          expect({ instant, outcome }).toMatchObject({
            outcome: { kind: 'exited', exitCode: 0, stdout: { bytes: 5 } },
          });
          expect({ instant, executions: await fixture.executions(key) }).toEqual({ instant, executions: 1 });
        }
      };
      await Promise.all([lane(1), lane(2), lane(3)]);
    },
    60_000 + KILLS * 1_000,
  );

  test(`together with its supervisor at ${Math.ceil(KILLS / 3)} instants: run at most once, and "exited" only if it ran`, async () => {
    const random = seededRandom(SEED + 1);
    const kinds = new Map<string, number>();
    for (let kill = 0; kill < Math.ceil(KILLS / 3); kill++) {
      const key = await fixture.key();
      const spec = fixture.spec('sleep 0.03', { environment: `kill-${kill}` });
      const caller = startCaller(fixture.root, key, spec, supervisors);
      const { lock } = fixture.directory(key);
      await until(async () => (await lock.highest()) > 0); // "held" may be over before a slow machine looks
      await pause(random() * 60);
      const view = await lock.view();
      if (view.state === 'held' && exists(view.owner.pid)) process.kill(view.owner.pid, 'SIGKILL');
      await killCaller(caller);
      const outcome = await fixture.ledger.run(key, spec);
      const executions = await fixture.executions(key);
      kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1);
      expect(['exited', 'unknown']).toContain(outcome.kind);
      if (outcome.kind === 'exited') expect(executions).toBe(1);
      await until(async () => (await fixture.alive(key)).length === 0);
      expect(await fixture.executions(key)).toBeLessThanOrEqual(1);
    }
    expect(kinds.get('unknown') ?? 0).toBeGreaterThan(0); // else the kills missed what they are for
  });
});
