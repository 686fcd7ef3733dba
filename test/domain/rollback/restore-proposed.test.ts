import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import {
  doubtOfTrigger,
  restoreRuling,
  type KnownOfData,
  type Moment,
} from '../../../src/domain/rollback/restore-proposed.js';
import type { Finding } from '../../../src/domain/run/status.js';
import { aris3Plan } from '../../support/scripted-world.js';
import { withRestore } from '../../support/with-restore.js';

let plan: Plan;
beforeAll(async () => {
  plan = await aris3Plan(withRestore({ propose: 'when-data-can-be-wrong' }));
});

const pass = (name: string): Finding => ({ name, state: 'pass', detail: 'as it should be' });
const PROVEN = ['live version', 'smoke', '/aris3/stock', 'integrity'].map(pass);
const at = (check: string, standing: KnownOfData['seen'][number]['standing']) => ({
  check,
  target: 'service',
  standing,
  last: 'what it said',
});
const unproven = (name: string, more: Partial<Finding>) =>
  PROVEN.map((each) => (each.name === name ? { ...each, ...more } : each));

const ruling = (moment: Moment, known: Partial<KnownOfData> = {}, ofPlan = plan) =>
  restoreRuling(moment, { seen: [], verification: [], proof: moment === 'proven' ? PROVEN : [], ...known }, ofPlan);

describe('the leads are asked as soon as the rollback command has succeeded', () => {
  test.each<[string, Partial<KnownOfData>, string]>([
    ['a person says so', { doubt: 'Ana says so' }, 'Ana says so'],
    ['contracts fail', { seen: [at('contracts', 'failing')] }, 'failing: contracts at service (what it said)'],
    ['integrity fails', { seen: [at('integrity', 'failing')] }, 'failing: integrity at service (what it said)'],
    [
      'invariants are violated',
      { seen: [at('invariants', 'failing')] },
      'failing: invariants at service (what it said)',
    ],
    [
      'the verification found data wrong',
      { verification: [{ name: 'integrity', state: 'fail', detail: 'totals' }] },
      'the verification failed: integrity (totals)',
    ],
    [
      'the critical smoke failed, which writes',
      { verification: [{ name: 'smoke', state: 'fail', detail: 'exit 1' }] },
      'the verification failed: smoke (exit 1)',
    ],
    [
      'a contract failed in the verification',
      { verification: [{ name: '/aris3/stock', state: 'fail', detail: 'TOTAL' }] },
      'the verification failed: /aris3/stock (TOTAL)',
    ],
  ])('%s', (_, known, why) => {
    expect(ruling('reverted', known)).toEqual({ proposed: true, why });
  });
});

describe('the proof decides', () => {
  test.each<[string, Partial<KnownOfData>]>([
    ['nothing is said against the data', {}],
    ['a probe fails', { seen: [at('health', 'failing')] }],
    ['p95 is too high', { seen: [at('p95', 'failing')] }],
    ['integrity is blind', { seen: [at('integrity', 'blind')] }],
    ['contracts were not looked at yet', { seen: [at('contracts', 'not looked at')] }],
    ['another version is live', { verification: [{ name: 'live version', state: 'fail', detail: 'RC.2' }] }],
    ['the smoke said nothing', { verification: [{ name: 'smoke', state: 'unknown', detail: 'no report' }] }],
  ])('when %s, and one that passed is a no', (_, known) => {
    expect(ruling('reverted', known)).toBeUndefined();
    expect(ruling('proven', known)).toEqual({
      proposed: false,
      why: 'nothing says that the data are wrong, and the integrity command and the frozen rules passed after the rollback',
    });
  });

  test.each<[string, Moment, readonly Finding[], string]>([
    [
      'integrity fails after it',
      'proven',
      unproven('integrity', { state: 'fail', detail: 'totals' }),
      'after the rollback: integrity (totals)',
    ],
    [
      'nobody knows of integrity',
      'proven',
      unproven('integrity', { state: 'unknown', detail: 'a traceback' }),
      'after the rollback: integrity (a traceback)',
    ],
    [
      'a frozen rule is broken in the data',
      'proven',
      unproven('/aris3/stock', { state: 'fail', detail: 'TOTAL', inData: true }),
      'after the rollback: /aris3/stock (TOTAL)',
    ],
    [
      'it is not complete',
      'unproven',
      unproven('smoke', { state: 'fail', detail: 'exit 1' }),
      'the rollback is not proven',
    ],
  ])('and %s: yes', (_, moment, proof, why) => {
    expect(ruling(moment, { proof })).toEqual({ proposed: true, why });
  });

  test('in a plan in which nothing looks at the data they may always be wrong', () => {
    const { integrity: _, contracts, ...verify } = plan.verify;
    void _;
    const get = contracts.get.map((each) => ({ ...each, stock: false }));
    expect(ruling('proven', {}, { ...plan, verify: { ...verify, contracts: { ...contracts, get } } })).toEqual({
      proposed: true,
      why: 'nothing in this plan looks at the data (verify.integrity)',
    });
  });
});

test.each<[string, object]>([
  ['of a plan that says always', { propose: 'always' }],
  ['of a plan that was frozen before there was a choice', { propose: undefined }],
])('after each rollback %s, and not before it is proven where the command did not run', async (_, more) => {
  const always = await aris3Plan(withRestore(more));
  expect(ruling('reverted', {}, always)).toEqual({ proposed: true, why: 'the plan asks after each rollback' });
  expect(ruling('unproven', {}, always)).toBeUndefined();
  expect(ruling('proven', {}, always)).toMatchObject({ proposed: true });
});

test.each([
  ['integrity-drift', 'the trigger integrity-drift has fired'],
  ['contract-drift', 'the trigger contract-drift has fired'],
  ['violations', 'the trigger violations has fired'],
  ['p1-alert', 'the alert p1-alert came from outside'],
  ['health-down', undefined],
  ['latency', undefined],
])('the trigger %s says of the data: %s', (name, doubt) => {
  expect(plan.triggers.map((each) => each.name)).toContain(name);
  expect(doubtOfTrigger(name, plan)).toBe(doubt);
});
