import { describe, expect, test } from '@jest/globals';
import { asCalled, calledAs, SUBCOMMANDS } from '../../../src/domain/text/as-called.js';
import { golive } from '../../../src/cli/golive.js';

const elsewhere = calledAs({ golive: 'npx golive', options: '--address temporal.internal:7233' });

test('every subcommand is known, and no other', () => {
  expect([...SUBCOMMANDS].sort()).toEqual(
    golive(false, 'golive')
      .commands.map((each) => each.name())
      .filter((name) => !name.startsWith('__'))
      .sort(),
  );
});

describe('a command is printed as it is called where it is read', () => {
  test.each([
    ['golive status prod', 'npx golive status --address temporal.internal:7233 prod'],
    ['Look: golive status prod.', 'Look: npx golive status --address temporal.internal:7233 prod.'],
    ['say "golive abort prod"', 'say "npx golive abort --address temporal.internal:7233 prod"'],
    ['golive worker (or golive up)', 'npx golive worker (or npx golive up)'],
    ['golive dry-run prod', 'npx golive dry-run --address temporal.internal:7233 prod'],
  ])('%s', (text, expected) => expect(asCalled(text, elsewhere)).toBe(expected));

  test.each([
    'golive can’t say',
    'golive ups and downs',
    'npx golive status prod',
    '/opt/golive/bin/golive status prod',
    'my-golive status',
    'golive.yaml status',
    'golive statuses',
  ])('%s stays', (text) => expect(asCalled(text, elsewhere)).toBe(text));

  test('without options there is nothing between the subcommand and what follows', () =>
    expect(asCalled('golive status prod', calledAs({ golive: '/opt/golive' }))).toBe('/opt/golive status prod'));
});
