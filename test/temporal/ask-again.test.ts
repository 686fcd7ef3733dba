import { expect, test } from '@jest/globals';
import { QUERY_AHEAD } from '../../src/domain/run/query-ahead.js';
import { askAgain } from '../../src/temporal/ask-again.js';

/** Asks somebody who fails with these, one after the other, and then answers. Returns the answer with how often it was asked. */
async function asked(...failures: Error[]): Promise<[unknown, number]> {
  let times = 0;
  const answer = await askAgain.query?.({} as never, () => {
    times += 1;
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve('the status');
  });
  return [answer, times];
}

test('a query that came before its time is asked again', async () => {
  const early = () => new Error(`3 INVALID_ARGUMENT: ${QUERY_AHEAD}: some of 12 events`);
  expect(await asked(early(), early())).toEqual(['the status', 3]);
});

test('any other failure is told at once', async () => {
  await expect(asked(new Error('no worker'))).rejects.toThrow('no worker');
});

test('and not for ever', async () => {
  const early = Array.from({ length: 100 }, () => new Error(QUERY_AHEAD));
  await expect(asked(...early)).rejects.toThrow(QUERY_AHEAD);
});
