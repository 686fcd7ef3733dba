import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { LedgerFixture } from './ledger-fixture.js';

let fixture: LedgerFixture;
beforeEach(async () => void (fixture = await LedgerFixture.create()));
afterEach(() => fixture.remove());

const unsettled = async (): Promise<string[]> =>
  (await fixture.ledger.commandsOf('prod', 'without a result')).map(({ observation }) => observation.state);

test('what has no result is told of until it has one, also when everything else is known by then', async () => {
  const ended = await fixture.key();
  await fixture.ledger.run(ended, fixture.spec('true'));
  expect(await unsettled()).toEqual([]);
  const key = await fixture.key();
  const waiting = fixture.ledger.run(key, fixture.spec('sleep 60'));
  await fixture.running(key);
  expect(await unsettled()).toEqual(['running']);
  expect(await unsettled()).toEqual(['running']);
  await fixture.ledger.stop(key, 100);
  await waiting;
  expect(await unsettled()).toEqual([]);
  expect(await fixture.ledger.commandsOf('prod')).toHaveLength(2);
  expect(await fixture.ledger.commandsOf('staging', 'without a result')).toEqual([]);
});

test('a result is there for good: it is read once', async () => {
  const key = await fixture.key();
  await fixture.ledger.run(key, fixture.spec('true'));
  expect(await unsettled()).toEqual([]);
  await writeFile(fixture.directory(key).file('result.json'), 'nobody reads this again');
  expect(await unsettled()).toEqual([]);
});
