import { expect, test } from '@jest/globals';
import { refusalOf } from '../../../src/domain/run/acting-for.js';

const asked = (workflowId?: string, workflowType?: string, activityType = 'runCommand') => ({
  activityType,
  ...(workflowId === undefined ? {} : { workflowExecution: { workflowId } }),
  ...(workflowType === undefined ? {} : { workflowType }),
});
const GO_LIVE = 'controlledGoLive';

// Promise 5.
test.each<[string, ReturnType<typeof asked>, unknown, string]>([
  ['an activity that was started by itself', asked(), {}, 'an activity started by itself is refused'],
  ['one that says which workflow it would be of', asked(undefined, GO_LIVE), {}, 'started by itself is refused'],
  ['a workflow of another type', asked('go-live-prod', 'other'), {}, 'go-live-prod (other) is refused'],
  ['a workflow with another ID', asked('mine', GO_LIVE), {}, 'mine (controlledGoLive) is refused'],
  ['another environment', asked('go-live-stage', GO_LIVE), { environment: 'prod' }, 'asks about another one'],
  ['an environment that is none', asked('go-live-prod', GO_LIVE), { environment: ['prod'] }, 'asks about another one'],
  [
    'a post of another',
    asked('go-live-stage', GO_LIVE),
    { post: { workflowId: 'go-live-prod' } },
    'asks about another',
  ],
  ['a name that fills lines', asked('a\u001b[2J\nb', 'x'.repeat(999)), {}, `a [2J b (${'x'.repeat(199)}…) is refused`],
])('refused: %s', (_, info, input, why) => {
  expect(refusalOf(info, input)).toContain(why);
});

test.each<[string, ReturnType<typeof asked>, unknown]>([
  ['a go-live', asked('go-live-prod', GO_LIVE), { environment: 'prod', post: { workflowId: 'go-live-prod' } }],
  ['its rehearsal', asked('go-live-prod-dry-run', GO_LIVE), { environment: 'prod' }],
  ['an input that names none', asked('go-live-prod', GO_LIVE), undefined],
  ['an input that is no object', asked('go-live-prod', GO_LIVE), 'abc'],
  ['who reads what a command has printed', asked(undefined, undefined, 'readOutput'), { workflowId: 'go-live-prod' }],
])('not refused: %s', (_, info, input) => {
  expect(refusalOf(info, input)).toBeUndefined();
});
