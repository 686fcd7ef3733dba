import { describe, expect, test } from '@jest/globals';
import { parseGoLiveInput } from '../../../src/domain/run/input.js';
import { readWorkflowId, workflowIdOf } from '../../../src/domain/run/workflow-id.js';

const good = { environment: 'prod', release: 'RC.3', previousRelease: 'RC.2', decisionOwner: 'Ana' };

test('the smallest input that will do', () => {
  expect(parseGoLiveInput(good)).toEqual({ ...good, dryRun: false, attestations: {} });
});

test.each([
  ['nothing', undefined, 'input'],
  ['a string', 'prod', 'input'],
  ['an unknown key', { ...good, relaese: 'RC.3' }, 'unknown key "relaese"'],
  ['a missing release', { ...good, release: undefined }, 'release'],
  ['a release that looks like an option', { ...good, release: '--force' }, 'release: must be a release tag'],
  ['a release with a space', { ...good, release: 'RC 3' }, 'release: must be a release tag'],
  ['a release of 129 letters', { ...good, release: 'a'.repeat(129) }, 'release: must be a release tag'],
  [
    'a shell in the rollback target',
    { ...good, previousRelease: '$(reboot)' },
    'previousRelease: must be a release tag',
  ],
  ['the same release twice', { ...good, previousRelease: 'RC.3' }, 'must be another release'],
  ['an owner of two lines', { ...good, decisionOwner: 'Ana\nall is well' }, 'decisionOwner: must be one line'],
  [
    'an environment with a slash',
    { ...good, environment: '../prod' },
    'environment: must be the name of an environment',
  ],
  ['a dry run that is a word', { ...good, dryRun: 'yes' }, 'dryRun'],
  [
    'an attestation nobody asks for',
    { ...good, attestations: { weather: 'fine' } },
    'attestations: unknown key "weather"',
  ],
  [
    'an empty attestation',
    { ...good, attestations: { openIncidents: '' } },
    'attestations.openIncidents: must not be empty',
  ],
  ['a plan that is no hash', { ...good, plan: 'latest' }, 'plan: must be a plan hash'],
])('%s is refused with a sentence and an example', (_, input, words) => {
  expect(() => parseGoLiveInput(input)).toThrow(words);
  expect(() => parseGoLiveInput(input)).toThrow(/This go-live can't start: .* such as \{"environment":"prod"/);
});

describe('the workflow ID', () => {
  test('is the environment', () => expect(workflowIdOf({ environment: 'prod' })).toBe('go-live-prod'));
  test('tells a rehearsal apart', () =>
    expect(workflowIdOf({ environment: 'prod', dryRun: true })).toBe('go-live-prod-dry-run'));
});

test.each([
  ['go-live-prod', { environment: 'prod', dryRun: false }],
  ['go-live-prod-dry-run', { environment: 'prod', dryRun: true }],
  ['go-live-', undefined],
  ['somebody-else', undefined],
])('the workflow ID %s is read as %j', (workflowId, expected) => {
  expect(readWorkflowId(workflowId)).toEqual(expected);
  if (expected) expect(workflowIdOf(expected)).toBe(workflowId);
});
