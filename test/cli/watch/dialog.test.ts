import { describe, expect, test } from '@jest/globals';
import { cellsOf } from '../../../src/cli/terminal/cells.js';
import { painted } from '../../../src/cli/terminal/line.js';
import { plainPaint } from '../../../src/cli/terminal/paint.js';
import { dialogLine } from '../../../src/cli/watch/dialog-line.js';
import { NO_DIALOG, press, type Dialog, type Effect } from '../../../src/cli/watch/dialog.js';
import { situationOf, type Situation } from '../../../src/cli/watch/situation.js';
import { situations, view, watched } from './situations.js';

const { holds = [] } = situations['with four holds open'].view?.status ?? {};
const [first, second] = holds;
const all: Situation = { holds, canAbort: true, steering: ['pause', 'resume', 'promote'] };
const nothing: Situation = { holds: [], canAbort: false, steering: [] };

/** What keys lead to, one after the other; words in `<>` are names of keys. */
/** A question with a command of its own. */
const own = {
  ...all,
  holds: first ? [{ ...first, choices: ['decline'], answers: ['golive restore prod --approve'] }] : [],
};

function typed(keys: string, situation: Situation = all): { dialog: Dialog; effects: Effect[] } {
  const effects: Effect[] = [];
  let dialog: Dialog = NO_DIALOG;
  for (const [key] of keys.matchAll(/<\w+>|./gu)) {
    const name = /^<(\w+)>$/.exec(key)?.[1];
    const next = press(dialog, name === undefined ? { name: key, text: key } : { name, text: '' }, situation);
    dialog = next.dialog;
    if (next.effect) effects.push(next.effect);
  }
  return { dialog, effects };
}

describe('keys', () => {
  test.each<[string, Effect]>([
    ['aerrors rise<return>', { kind: 'send', act: { kind: 'abort' }, reason: 'errors rise' }],
    ['Aerrors<backspace><enter>', { kind: 'send', act: { kind: 'abort' }, reason: 'error' }],
    ['a<return>', { kind: 'send', act: { kind: 'abort' }, reason: 'no reason given' }],
    ['plunch<return>', { kind: 'send', act: { kind: 'pause' }, reason: 'lunch' }],
    ['rback<return>', { kind: 'send', act: { kind: 'resume' }, reason: 'back' }],
    ['oquiet<return>', { kind: 'send', act: { kind: 'promote' }, reason: 'quiet' }],
    [
      'd22no, two<return>',
      { kind: 'send', act: { kind: 'decide', hold: 'attest-open-incidents', choice: 'reject' }, reason: 'no, two' },
    ],
    ['q', { kind: 'quit' }],
    ['?', { kind: 'page', page: 'keys' }],
    ['l', { kind: 'page', page: 'output' }],
    ['T', { kind: 'page', page: 'timeline' }],
    ['<escape>', { kind: 'page', page: 'overview' }],
    ['<down>', { kind: 'scroll', by: 1 }],
    ['<pageup>', { kind: 'scroll', by: -10 }],
    ['ax<interrupt>', { kind: 'interrupt' }],
  ])('%s', (keys, effect) => {
    expect(typed(keys)).toEqual({ dialog: NO_DIALOG, effects: [effect] });
  });

  test.each(['a no<escape>', 'd<escape>', 'd1<escape>', 'x', '1', '<return>'])('%s does nothing', (keys) => {
    expect(typed(keys)).toEqual({ dialog: NO_DIALOG, effects: [] });
  });

  test('nothing but an abort is sent without a reason', () => {
    expect(typed('p  <return>')).toMatchObject({ dialog: { asks: 'reason' }, effects: [] });
  });

  test('of only one question nobody asks which; what takes more than a choice is left to its command', () => {
    const one = { ...all, holds: first ? [first] : [] };
    expect(typed('d1', one).dialog).toMatchObject({ asks: 'reason', act: { hold: first?.id, choice: 'confirm' } });
    expect(typed('d1', own).dialog).toMatchObject({ asks: 'reason', act: { choice: 'decline' } });
  });

  test('a number means the question that was shown for it, whatever is open by now', () => {
    const asked = typed('d').dialog;
    const { dialog } = press(asked, { name: '2', text: '2' }, { ...all, holds: holds.slice(2) });
    expect(dialog).toEqual({ asks: 'choice', hold: second });
  });

  test.each(['a', 'p', 'r', 'o', 'd'])('%s says why it does nothing', (key) => {
    expect(typed(key, nothing)).toEqual({ dialog: NO_DIALOG, effects: [{ kind: 'say', text: expect.any(String) }] });
  });

  test('what is pasted is text, and no key', () => {
    const paste = (dialog: Dialog, name: string, text: string) => press(dialog, { name, text, pasted: true }, all);
    expect(paste(NO_DIALOG, 'a', 'a')).toEqual({ dialog: NO_DIALOG });
    const reason = typed('p').dialog;
    expect(paste(paste(reason, 'a', 'a').dialog, 'return', '')).toEqual({
      dialog: { asks: 'reason', act: { kind: 'pause' }, text: 'a ' },
    });
  });
});

describe('the last line', () => {
  const shown = (keys: string, situation = all) =>
    painted(
      dialogLine(typed(keys, situation).dialog, { environment: 'prod', by: 'Ana' }, situation, 80),
      80,
      plainPaint,
    );

  test.each([
    ['', '[a]bort  [p]ause  [r]esume  pr[o]mote  [d]ecide  [l]ogs  [t]imeline  [q]uit  [?]'],
    ['aerrors', 'abort prod, why? errors▏  Enter sends as Ana, Esc does not'],
    ['d1', 'attest-staging-parity: 1 confirm  2 reject  Esc: none'],
  ])('%s', (keys, line) => {
    expect(shown(keys)).toBe(line);
  });

  test('what takes more than a choice has a command of its own', () => {
    expect(shown('d', own)).toBe('attest-staging-parity: 1 decline  others: by its command  Esc: none');
  });

  test('shows the end of a long reason, and fits', () => {
    const line = shown(`a${'日本語 '.repeat(40)}end`);
    expect(line).toContain('end▏');
    expect(cellsOf(line)).toBeLessThanOrEqual(80);
    expect(shown('', nothing)).toBe('[l]ogs  [t]imeline  [q]uit  [?]');
  });
});

describe('what can be done', () => {
  const soaking = watched({});
  test.each<[string, Parameters<typeof situationOf>[0], Partial<Situation>]>([
    ['in a soak', soaking, { canAbort: true, steering: ['pause', 'promote'] }],
    ['paused', watched({ paused: { by: 'a', reason: 'b', at: '' } }), { steering: ['resume', 'promote'] }],
    ['in a rollback', situations['in a rollback'], { canAbort: true, steering: [] }],
    ['after the end', situations['after the end'], { canAbort: false, steering: [], holds: [] }],
    ['where nothing runs', { ...soaking, none: true }, { canAbort: false, steering: [] }],
    [
      'while nothing is known',
      { environment: 'prod', workflowId: '', history: new Map() },
      { canAbort: true, steering: ['pause', 'resume', 'promote'] },
    ],
    ['of a run that says nothing', { ...soaking, view: { ...view, status: undefined } }, { canAbort: true }],
  ])('%s', (_, what, can) => {
    expect(situationOf(what, false)).toMatchObject(can);
  });

  test('a rehearsal can only be aborted', () => {
    expect(situationOf(soaking, true)).toMatchObject({ canAbort: true, steering: [] });
  });
});
