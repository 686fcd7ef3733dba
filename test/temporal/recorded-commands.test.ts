import { expect, test } from '@jest/globals';
import { commandsIn } from '../../src/temporal/recorded-commands.js';
import { recordedHistory } from '../support/recorded-histories.js';

const commands = async (file: string) => commandsIn((await recordedHistory(`0.1.0/${file}`)).events ?? []);
const told = async (file: string) =>
  (await commands(file)).map(({ step, generation, state }) => `${step}.${generation} ${state}`);

const BEFORE = ['branch.1', 'clean-tree.1', 'checklist.1', 'backup-create.1', 'backup-validate.1'];
const well = (names: string[]) => names.map((name) => `${name} exit 0`);

test('the commands of a run are in its history, in the order in which they were decided, with how they ended', async () => {
  expect(await told('rolled-back-by-a-trigger.binpb')).toEqual(
    well([...BEFORE, 'deploy-canary.1', 'rollback.1', 'rollback-smoke.1']),
  );
  const unknown = await told('rolled-back-after-an-unknown-outcome.binpb');
  expect(unknown.filter((line) => !line.endsWith('exit 0'))).toEqual([expect.stringMatching(/\.1 outcome unknown: /)]);
  expect(await told('rehearsed.binpb')).toEqual(['checklist-dry-run.1 exit 0']);
});

test('each with the end of its output, and when it was decided', async () => {
  const [branch, , checklist] = await commands('completed.binpb');
  expect(branch).toMatchObject({ step: 'branch', stdout: expect.any(String), stderr: '' });
  expect(checklist?.lastLine).toBe('Go-live checklist result: PASS');
  expect(Date.parse(checklist?.decidedAt ?? '')).toBeGreaterThan(Date.parse(branch?.decidedAt ?? ''));
});
