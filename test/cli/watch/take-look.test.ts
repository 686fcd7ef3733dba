import { expect, test } from '@jest/globals';
import type { RunView } from '../../../src/cli/run/run-view.js';
import { takeLook } from '../../../src/cli/watch/take-look.js';
import type { Watched } from '../../../src/cli/watch/watched.js';
import { historyKey } from '../../../src/cli/watch/value-history.js';
import type { SeenRecord } from '../../../src/domain/evidence/record.js';
import type { Reading } from '../../../src/domain/watching/reading.js';
import { view } from './situations.js';

const begin: Watched = { environment: 'prod', workflowId: 'go-live-prod', history: new Map() };
const { status, timeline, ...withoutAnswer } = view;
const silent: RunView = { ...withoutAnswer, silence: 'no worker answered within 3 s' };
const seen = takeLook(begin, { kind: 'seen', view }, 1_000);

test('an answer is what is known, and its values are kept', () => {
  expect(seen).toMatchObject({ view, seenAt: 1_000 });
  expect(seen).not.toHaveProperty('silence');
  expect(seen.history.size).toBe(status?.watching.length);
});

test('while no worker answers the last answer stays, since when it was given', () => {
  const once = takeLook(seen, { kind: 'seen', view: silent }, 5_000);
  expect(once).toMatchObject({
    view: { ...silent, status, timeline },
    seenAt: 1_000,
    silence: { since: 1_000, of: 'worker', why: silent.silence },
  });
  const twice = takeLook(once, { kind: 'no server', why: 'gone' }, 9_000);
  expect(twice).toMatchObject({
    view: { status },
    seenAt: 1_000,
    silence: { since: 1_000, of: 'server', why: 'gone' },
  });
  expect(takeLook(twice, { kind: 'seen', view }, 12_000)).not.toHaveProperty('silence');
});

test('the answer of another go-live does not stay', () => {
  const next = { ...silent, runId: 'run-2', startedAt: '2026-05-03T00:00:00Z' };
  const before = takeLook(begin, { kind: 'seen', view: { ...view, running: false } }, 1_000);
  expect(takeLook(before, { kind: 'seen', view: next }, 2_000).view).toEqual(next);
});

test('who has never heard anything says since when nobody answers', () => {
  const away = takeLook(begin, { kind: 'no server', why: 'gone' }, 3_000);
  expect(away).toMatchObject({ silence: { since: 3_000 } });
  expect(takeLook(away, { kind: 'no server', why: 'gone' }, 9_000)).toMatchObject({ silence: { since: 3_000 } });
  expect(away).not.toHaveProperty('view');
});

test('no run at all is known, too', () => {
  expect(takeLook(seen, { kind: 'no run' }, 3_000)).toEqual({
    ...begin,
    history: seen.history,
    none: true,
    seenAt: 3_000,
  });
  expect(takeLook(takeLook(begin, { kind: 'no run' }, 3_000), { kind: 'seen', view }, 4_000)).not.toHaveProperty(
    'none',
  );
});

test('what is on record is before what was watched: numbers of metrics, failing or not of the others', () => {
  const [metric, other] = ['p95', 'health'].map((check) => status?.watching.find((each) => each.check === check));
  const look = (at: number, of: typeof metric, reading: Reading): SeenRecord => ({
    kind: 'look',
    at: new Date(at).toISOString(),
    of: '1/1',
    ms: at,
    check: of?.check ?? '',
    target: of?.target ?? '',
    reading,
  });
  const looks = [
    look(500, metric, { kind: 'value', value: 7, text: '' }),
    look(600, metric, { kind: 'none', text: '' }),
    look(700, other, { kind: 'bad', text: '' }),
    look(800, other, { kind: 'good', text: '' }),
    look(1_000, other, { kind: 'bad', text: 'watched already' }),
    { kind: 'version', at: '', of: '1/1', target: 'service', text: '' } as const,
  ];
  const { history } = takeLook(seen, { kind: 'seen', view, looks }, 2_000);
  const before = (of: typeof metric) =>
    history.get(historyKey(of ?? { check: '', target: '' }))?.filter(({ at }) => at < 1_000);
  expect(before(metric)).toEqual([{ at: 500, value: 7 }]);
  expect(before(other)).toEqual([
    { at: 700, value: 1 },
    { at: 800, value: 0 },
  ]);
});
