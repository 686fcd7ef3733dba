import { describe, expect, test } from '@jest/globals';
import { answerCommands, refusal, withAnswer, type Answered } from '../../../src/domain/people/hold.js';

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

test('an answer to what was answered is told by whom, with what and when', () => {
  const answered: Answered[] = [
    { hold: 'soak', choice: 'go-on', by: 'Ana', at: '2026-11-27T02:13:05.123Z' },
    { hold: 'soak', choice: 'extend', by: 'Bea', at: '2026-11-27T02:15:00.000Z' },
  ];
  const late = { hold: 'soak', choice: 'go-on', by: 'Cid' };
  expect(refusal([], late, answered)).toBe(
    'Bea answered soak with extend at 2026-11-27 02:15:00Z. No hold is open, so there is nothing to decide.',
  );
  expect(refusal([hold], late, answered)).toBe(
    'Bea answered soak with extend at 2026-11-27 02:15:00Z. Open: soak-canary (extend, promote, roll-back).',
  );
  // Asked once more, it is open like any other.
  expect(refusal([{ ...hold, id: 'soak' }], { ...late, choice: 'extend' }, answered)).toBeUndefined();
});

test('the last twenty answers are remembered', () => {
  let answered: readonly Answered[] = [];
  for (let each = 1; each <= 25; each += 1)
    answered = withAnswer(answered, { hold: `h${each}`, choice: 'yes', by: 'Ana', reason: 'x' }, 'then');
  expect(answered).toHaveLength(20);
  expect(answered.at(-1)).toEqual({ hold: 'h25', choice: 'yes', by: 'Ana', at: 'then' });
});

test('each choice has a command of its own, complete as it stands', () => {
  expect(answerCommands('prod', hold)).toEqual([
    'golive decide prod --hold soak-canary --choice extend',
    'golive decide prod --hold soak-canary --choice promote',
    'golive decide prod --hold soak-canary --choice roll-back',
  ]);
  const answers = ['golive restore prod --approve', 'golive restore prod --decline'];
  expect(answerCommands('prod', { ...hold, answers })).toEqual(answers);
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
    expect(answerCommands('prod', asked)[0]).toBe('golive decide prod --hold handover --choice accept');
    expect(answerCommands('prod', { ...asked, by: ["Bea O'Ek"] })[1]).toBe(
      `golive decide prod --hold handover --choice decline --by 'Bea O'\\''Ek'`,
    );
  });
});
