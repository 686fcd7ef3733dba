import { describe, expect, test } from '@jest/globals';
import { answerCommand, answerCommands, refusal } from '../../../src/domain/people/hold.js';

const hold = { id: 'soak-canary', reason: 'at its maximum', choices: ['extend', 'promote', 'roll-back'] };

test('an open hold takes its own choices', () => {
  expect(refusal([hold], { hold: 'soak-canary', choice: 'extend', by: 'Ana' })).toBeUndefined();
});

test('an invalid answer is told the valid ones', () => {
  expect(refusal([hold], { hold: 'soak-canary', choice: 'yes', by: 'Ana' })).toContain(
    'Choose one of: extend, promote, roll-back',
  );
  expect(refusal([hold], { hold: 'soak', choice: 'extend', by: 'Ana' })).toContain(
    'Open: soak-canary (extend, promote, roll-back)',
  );
  expect(refusal([], { hold: 'soak', choice: 'extend', by: 'Ana' })).toContain('No hold is open');
});

test('the command that answers can be pasted', () => {
  expect(answerCommand('prod', hold)).toBe(
    'golive decide prod --hold soak-canary --choice extend|promote|roll-back --by NAME --reason WHY',
  );
});

test('each choice has a command of its own', () => {
  expect(answerCommands('prod', { ...hold, choices: ['extend', 'promote'] })).toEqual([
    'golive decide prod --hold soak-canary --choice extend --by "$USER" --reason WHY',
    'golive decide prod --hold soak-canary --choice promote --by "$USER" --reason WHY',
  ]);
  expect(answerCommands('prod', { ...hold, choices: ['accept'], by: ['Ana Maria'] })).toEqual([
    "golive decide prod --hold soak-canary --choice accept --by 'Ana Maria' --reason WHY",
  ]);
  const answer = 'golive restore prod --approve|--decline --by LEAD --reason WHY';
  expect(answerCommands('prod', { ...hold, answer })).toEqual([
    'golive restore prod --approve --by LEAD --reason WHY',
    'golive restore prod --decline --by LEAD --reason WHY',
  ]);
  expect(answerCommands('prod', { ...hold, answer: 'golive up' })).toEqual(['golive up']);
});

describe('a question that only some may answer', () => {
  const asked = { id: 'handover', reason: 'Ana hands over', choices: ['accept', 'decline'], by: ['Bea Ek', 'Cid'] };

  test('takes their answer, and names them to anybody else', () => {
    expect(refusal([asked], { hold: 'handover', choice: 'accept', by: 'Cid' })).toBeUndefined();
    expect(refusal([asked], { hold: 'handover', choice: 'accept', by: 'Ana' })).toBe(
      'The hold "handover" is answered by Bea Ek or Cid, not by Ana.',
    );
  });

  test('has the name in its command when there is one, safe to paste', () => {
    expect(answerCommand('prod', asked)).toContain('--by NAME');
    expect(answerCommand('prod', { ...asked, by: ["Bea O'Ek"] })).toContain(`--by 'Bea O'\\''Ek' --reason`);
  });
});
