import { expect, test } from '@jest/globals';
import { rehearsalTable, shownArguments } from '../../../src/domain/run/rehearsal.js';

test('the table ends as the playbook says', () => {
  const table = rehearsalTable([{ name: 'deploy-canary', action: './deploy.sh --env prod' }], {
    name: 'checklist --dry-run',
    state: 'pass',
    detail: 'Go-live checklist result: DRY-RUN',
  });
  expect(table).toMatch(/^deploy-canary +DRY-RUN +\.\/deploy\.sh --env prod$/m);
  expect(table.split('\n').at(-1)).toBe('Go-live checklist result: DRY-RUN');
});

test('a checklist that could not be rehearsed is no DRY-RUN', () => {
  const table = rehearsalTable([], { name: 'checklist --dry-run', state: 'fail', detail: 'exit 1' });
  expect(table.split('\n').at(-1)).toBe('Go-live checklist result: FAIL (1 blocker(s))');
});

test('arguments can be counted', () => {
  expect(shownArguments(['pytest', '-q', 'a b', ''])).toBe('pytest -q "a b" ""');
});
