import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { golive } from '../../src/cli/golive.js';

let said: string;
beforeEach(() => {
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => void jest.restoreAllMocks());

/** What is said of a command line that nobody can use. */
async function saidOf(...args: string[]): Promise<string> {
  await expect(golive(false, 'golive').parseAsync(args, { from: 'user' })).rejects.toThrow();
  return said;
}

test.each([
  [
    ['start', 'prod', '--relase', 'RC.3', '--previous', 'RC.2'],
    "error: unknown option '--relase'\n(Did you mean --release?)\n",
  ],
  [['handover', 'prod', '--too', 'Bea'], "error: unknown option '--too'\n"],
  [['start', 'prod', '--previous', 'RC.2'], "error: required option '--release <tag>' not specified\n"],
])('%j: what is misspelt is told before what is missing', async (args, words) => {
  expect(await saidOf(...args)).toContain(words);
});

test.each([
  [['a\u001b[2Jb\u202e']],
  [['status', 'prod', '--a\u001b[2Jb\u202e']],
  [['status', 'a\u001b[2Jb\u202e']],
  [['start', 'prod', '--attest', 'a\u001b[2Jb\u202e', '--release', 'RC.3', '--previous', 'RC.2']],
])('%j: nothing in an argument is obeyed by the terminal', async (args) => {
  expect(await saidOf(...args)).toContain('a\\x1b[2Jb\\u202e');
  expect(said).not.toMatch(/[\u001b\u202e]/u);
});
