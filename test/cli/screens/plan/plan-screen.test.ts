import { describe, expect, test } from '@jest/globals';
import { planScreen } from '../../../../src/cli/screens/plan/plan-screen.js';
import { cellsOf } from '../../../../src/cli/terminal/cells.js';
import { plainPaint } from '../../../../src/cli/terminal/paint.js';
import { withoutSecrets } from '../../../../src/domain/plan/masked.js';
import type { Plan } from '../../../../src/domain/plan/plan.js';
import { changedAt, everyPlan, leafPaths, type Path } from '../../../support/every-plan.js';

const NOW = Date.parse('2026-05-04T10:00:00Z');
const hash = `sha256:${'0'.repeat(64)}`;
// The hash stays: it alone would tell that something differs, and not what.
const shown = (plan: Plan, columns?: number) => planScreen({ plan, hash }, [], plainPaint, { now: NOW, columns });
const plans = everyPlan();

/** What a person vouches for takes as long as it takes; which kind of thing something is shows in everything of it. */
const hasNoEffect = ({ preflight }: Plan, path: Path): boolean =>
  path.at(-1) === 'kind' ||
  path.at(-1) === 'external' ||
  (path[0] === 'preflight' &&
    path[2] === 'deadline' &&
    (preflight[path[1] as 'openIncidents'] as { attest?: string }).attest !== undefined);

describe.each(Object.entries(plans))('%s', (_, plan) => {
  test('shows every value that its hash covers', () => {
    const before = shown(plan);
    const same = leafPaths(plan).filter((path) => !hasNoEffect(plan, path) && shown(changedAt(plan, path)) === before);
    expect(same.map((path) => path.join('.'))).toEqual([]);
  });

  test('is whole lines of known values, and fits a narrow terminal but for words that are longer', () => {
    expect(shown(plan)).not.toMatch(/undefined|NaN|\[object/);
    for (const line of shown(plan, 60).split('\n').slice(2))
      if (cellsOf(line) > 60) expect(line.trim().split(/ +/).length).toBeLessThanOrEqual(2);
  });
});

test('the same words stand on it, however narrow it is', () => {
  const words = (text: string) => text.split(/\s+/).filter(Boolean);
  for (const plan of Object.values(plans)) expect(words(shown(plan, 50))).toEqual(words(shown(plan)));
});

/** With every secret that can be written out in a file. */
function tellingAll(): Plan {
  const plan = structuredClone(plans['a plan with everything else']) as unknown as {
    channels: { url?: string; routingKey?: string; headers?: object }[];
    environment: { environment: Record<string, string> };
    verify: { contracts: { login: { password: string } } };
  };
  const [slack, pagerduty, webhook] = plan.channels;
  Object.assign(slack ?? {}, { url: 'https://hooks.slack.com/services/hunter2' });
  Object.assign(pagerduty ?? {}, { routingKey: 'hunter2' });
  Object.assign(webhook ?? {}, { headers: { authorization: 'Bearer hunter2${MORE:-hunter2}' } });
  plan.environment.environment['API_KEY'] = 'hunter2';
  plan.environment.environment['DATABASE_URL'] = 'postgres://golive:hunter2@db/aris3';
  plan.verify.contracts.login.password = 'hunter2';
  return plan as unknown as Plan;
}

test('no secret that is written out is shown', () => {
  const text = shown(tellingAll());
  expect(text).not.toContain('hunter2');
  for (const said of [
    'https://hooks.slack.com…',
    'authorization: …${MORE}',
    'with API_KEY=…',
    'with DATABASE_URL=postgres://…@db/aris3',
  ])
    expect(text).toContain(said);
});

test('nor in the JSON of a plan, which is otherwise the plan as it is', () => {
  const plan = tellingAll();
  const text = JSON.stringify(withoutSecrets(plan));
  expect(JSON.stringify(plan)).toContain('hunter2');
  expect(text).not.toContain('hunter2');
  expect(text).toContain('"authorization":"…${MORE}"');
  expect(text).toContain('"DATABASE_URL":"postgres://…@db/aris3"');
  // What has nothing written out that is secret stays as it is, whatever kinds of values it has.
  expect(withoutSecrets(plans['aris3'])).toEqual(plans['aris3']);
});

test('nothing of a file reaches the terminal as control characters', () => {
  const plan = { ...(plans['aris3'] as Plan), service: 'ARIS3\u001b[2J\nx' };

  expect(shown(plan)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});
