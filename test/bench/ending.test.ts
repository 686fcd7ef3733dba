import { expect, test } from '@jest/globals';
import { Ending } from '../../bench/ending.js';

test('everything ends once, the last first, whatever goes wrong with one', async () => {
  const ended: string[] = [];
  const ending = new Ending();
  await ending.add(() => ended.push('server'));
  const child = ending.child();
  await child.add(() => ended.push('worker'));
  await ending.add(() => Promise.reject(new Error('would not end')));
  await expect(ending.end()).rejects.toThrow('would not end');
  await expect(ending.end()).rejects.toThrow('would not end');
  await child.end();
  expect(ended).toEqual(['worker', 'server']);
});

test('what comes to an ending that is over ends at once', async () => {
  const ending = new Ending();
  await ending.end();
  let ended = false;
  await ending.add(() => (ended = true));
  expect(ended).toBe(true);
});
