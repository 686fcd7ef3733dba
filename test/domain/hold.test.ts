import { expect, test } from '@jest/globals';
import { answerCommand, refusal } from '../../src/domain/hold.js';

const hold = { id: 'soak-canary', reason: 'at its maximum', choices: ['extend', 'promote', 'roll-back'] };

test('an open hold takes its own choices', () => {
  expect(refusal([hold], { hold: 'soak-canary', choice: 'extend' })).toBeUndefined();
});

test('an invalid answer is told the valid ones', () => {
  expect(refusal([hold], { hold: 'soak-canary', choice: 'yes' })).toContain('Choose one of: extend, promote, roll-back');
  expect(refusal([hold], { hold: 'soak', choice: 'extend' })).toContain('Open: soak-canary (extend, promote, roll-back)');
  expect(refusal([], { hold: 'soak', choice: 'extend' })).toContain('No hold is open');
});

test('the command that answers can be pasted', () => {
  expect(answerCommand('prod', hold)).toBe('golive decide prod --hold soak-canary --choice extend|promote|roll-back --by NAME --reason WHY');
});
