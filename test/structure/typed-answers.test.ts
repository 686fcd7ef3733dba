import { expect, test } from '@jest/globals';
import type { Run } from '../../src/workflows/run/run.js';

/** Compiled with the tests: each line that must not compile says so, and the compiler complains when it does. */
async function asks(run: Run): Promise<string[]> {
  const gate = await run.ask({ id: 'gate', reason: 'Go?', choices: ['go', run.wayOut()] });
  const blind = await run.askUntil({ id: 'blind', reason: 'Blind.', choices: ['go-on'] }, () => false);
  return [
    gate.choice === 'go' ? 'goes' : gate.choice === 'take-over' ? 'is taken over' : 'is left',
    // @ts-expect-error: a typo of a choice
    gate.choice === 'goo' ? 'never' : 'always',
    // @ts-expect-error: the choice of another question
    blind?.choice === 'go' ? 'never' : 'always',
  ];
}

test('the answer to a question is one of its choices, and a typo does not compile', async () => {
  const answers = (choice: string) => Promise.resolve({ hold: 'gate', choice, by: 'Ana', reason: 'fine' });
  const run = { ask: () => answers('go'), askUntil: () => answers('go-on'), wayOut: () => 'reject' };
  expect(await asks(run as unknown as Run)).toEqual(['goes', 'always', 'always']);
});
