import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  approvalRefusal,
  approvalText,
  readApproval,
  type Approval,
  type Proposal,
} from '../../../src/domain/rollback/restore-approval.js';
import { runs } from '../../support/property-runs.js';

const NOW = Date.parse('2026-11-23T09:00:00Z');
const proposal: Proposal = {
  workflowId: 'go-live-prod',
  runId: 'r',
  manifest: '/a/m.json',
  name: 'monday',
  sha256: 'a'.repeat(64),
  madeAt: '2026-11-23T08:00:00Z',
  until: '2026-11-23T12:00:00Z',
};
const lea: Approval = { by: 'Lea', reason: 'corrupt' };
const refusal = (approval: Approval, signers?: string) =>
  approvalRefusal(approval, proposal, { leads: ['Lea', 'Ivo'], signers }, 'prod', NOW);

test('a lead is believed, until the question ends', () => {
  expect(refusal(lea)).toBeUndefined();
  expect(refusal({ ...lea, expires: '2026-11-23T12:00:00Z' })).toBeUndefined();
  expect(refusal({ ...lea, expires: '2026-11-23T09:00:00.001Z' })).toBeUndefined();
});

test.each<[string, Approval, string | undefined, string]>([
  [
    'who is no lead',
    { ...lea, by: 'lea' },
    undefined,
    'lea is not an incident lead of this plan, and only they may approve a restore: Lea, Ivo.',
  ],
  [
    'whose time is over',
    { ...lea, expires: '2026-11-23T09:00:00Z' },
    undefined,
    'has expired, at 2026-11-23T09:00:00Z',
  ],
  [
    'who wants longer than is asked',
    { ...lea, expires: '2026-11-23T12:00:01Z' },
    undefined,
    'may expire at 2026-11-23T12:00:00Z at the latest',
  ],
  ['who has not signed', lea, '/etc/leads', '--key ~/.ssh/id_ed25519'],
])('one %s is refused', (_, approval, signers, words) => {
  expect(refusal(approval, signers)).toContain(words);
});

describe('a payload', () => {
  test.each([
    undefined,
    'yes',
    [],
    {},
    { by: 'Lea' },
    { by: 'Lea', reason: '' },
    { ...lea, expires: 'tomorrow' },
    { ...lea, signature: '' },
    { ...lea, more: 1 },
    { ...lea, by: 'Lea\nexpires: never' },
  ])('%j is none', (raw) => {
    expect(readApproval(raw)).toEqual({
      refused: expect.stringMatching(/^An approval is \{"by","reason"\}/) as unknown,
    });
  });
});

test('two texts that are the same are about the same thing', () => {
  const line = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !/[\p{Cc}]/u.test(text));
  const about = fc.record({ workflowId: line, runId: line, name: line, sha256: line, until: line, by: line });
  fc.assert(
    fc.property(about, about, (one, other) => {
      const text = ({ by, ...more }: typeof one) => approvalText({ ...proposal, ...more }, { by, expires: undefined });
      expect(text(one) === text(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    runs(),
  );
});
