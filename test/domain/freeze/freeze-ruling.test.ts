import { expect, test } from '@jest/globals';
import { ruleOnFreeze } from '../../../src/domain/freeze/freeze-ruling.js';
import { parseGoLiveInput } from '../../../src/domain/run/input.js';

const NOON = Date.parse('2026-12-24T12:00:00Z');
const both = {
  windows: [
    { name: 'year end', until: Date.parse('2027-01-07T00:00:00Z') },
    { name: "Bea's week", until: Date.parse('2026-12-28T00:00:00Z') },
  ],
  thaws: Date.parse('2027-01-07T00:00:00Z'),
};
const input = (overrideFreeze?: object) =>
  parseGoLiveInput({
    environment: 'prod',
    release: 'RC.3',
    previousRelease: 'RC.2',
    decisionOwner: 'Ana Ek',
    ...(overrideFreeze ? { overrideFreeze } : {}),
  });

test('a frozen start is told the windows, when they end, and both ways on', () => {
  expect(ruleOnFreeze(both, input(), NOON)).toEqual({
    kind: 'frozen',
    why:
      `no go-live begins at 2026-12-24T12:00:00Z: the freeze window "year end" until 2027-01-07T00:00:00Z and the freeze window "Bea's week" until 2026-12-28T00:00:00Z. ` +
      `Start it later: golive start prod --release RC.3 --previous RC.2 --owner 'Ana Ek' --at 2027-01-07T00:00:00Z. ` +
      `If it can't wait: golive start prod --release RC.3 --previous RC.2 --owner 'Ana Ek' --override-freeze 'year end' --override-freeze 'Bea'\\''s week'`,
  });
});

test('an override counts for what it names', () => {
  expect(
    ruleOnFreeze(both, input({ freeze: ['year end', "Bea's week"], reason: 'leak', by: 'Cid' }), NOON),
  ).toMatchObject({ kind: 'overridden', text: expect.stringContaining('overridden by Cid: leak') });
  expect(ruleOnFreeze(both, input({ freeze: 'year end', reason: 'leak' }), NOON)).toMatchObject({
    kind: 'frozen',
    why: expect.stringContaining(`The override names "year end", and not "Bea's week".`),
  });
  expect(ruleOnFreeze({ windows: [] }, input({ freeze: 'year end', reason: 'leak' }), NOON)).toEqual({
    kind: 'needless',
    text: 'override of "year end" by Ana Ek: leak; it was not needed, nothing is frozen at 2026-12-24T12:00:00Z',
  });
  expect(ruleOnFreeze({ windows: [] }, input(), NOON)).toEqual({ kind: 'free' });
});

test('windows that never end are told as a fault of the playbook file', () => {
  expect(ruleOnFreeze({ windows: both.windows }, input(), NOON)).toMatchObject({
    why: expect.stringContaining('leave no time for a start: correct freezes in the playbook file'),
  });
});
