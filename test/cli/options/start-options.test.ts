import { expect, test } from '@jest/globals';
import { inputOf } from '../../../src/cli/options/start-input.js';
import type { StartOptions } from '../../../src/cli/options/start-options.js';

const options = { release: 'RC.3', previous: 'RC.2', owner: 'Ana', queue: 'golive', home: '.golive' };

test.each<[given: Partial<StartOptions>, more: Parameters<typeof inputOf>[2], words: string]>([
  [{ previous: 'RC.3' }, {}, "This go-live can't start: --previous: must be another release than the one"],
  [{ release: '-x' }, { dryRun: true }, "This rehearsal can't start: --release: must be a release tag"],
  [{ owner: ' ' }, {}, '--owner: must not be empty'],
  [{ plan: 'abc' }, {}, '--plan: must be a plan hash'],
  [{ attest: { stagingParity: 'x'.repeat(501) } }, {}, '--attest stagingParity: must not be longer than 500'],
  [{}, { rollback: { reason: 'a\nb' } }, "This rollback can't start: --reason: must be one line"],
])('%j: what is wrong is told by its option', (given, more, words) => {
  const start = () => inputOf('prod', { ...options, ...given }, more);
  expect(start).toThrow(words);
  expect(start).toThrow(/ Nothing was sent\. The options: golive (start|dry-run|rollback) --help$/);
  expect(start).not.toThrow('JSON');
});
