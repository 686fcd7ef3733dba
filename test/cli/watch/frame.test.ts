import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paintFor, plainPaint } from '../../../src/cli/terminal/paint.js';
import { cellsOf } from '../../../src/cli/terminal/cells.js';
import type { RunView } from '../../../src/cli/run/run-view.js';
import { statusScreen } from '../../../src/cli/screens/status-screen.js';
import { frame } from '../../../src/cli/watch/frame.js';
import { takeLook } from '../../../src/cli/watch/take-look.js';
import type { Watched } from '../../../src/cli/watch/watched.js';
import { runs } from '../../support/property-runs.js';
import { NOW, situations, status, view, watched, ZONE } from './situations.js';

const SIZES = [
  [80, 24],
  [100, 30],
  [140, 40],
] as const;
const { status: _, timeline: __, ...withoutStatus } = view;
void [_, __];
const KEYS = '[a]bort [p]ause [q]uit';

const shown = (what: Watched, columns: number, rows: number): string[] =>
  frame(what, { columns, rows, now: NOW, zone: ZONE, paint: plainPaint, bottom: [[KEYS]] });

/** What each situation has to say at every size. */
const SAYS: Readonly<Record<keyof typeof situations, readonly string[]>> = {
  'with four holds open': [
    'PREFLIGHT 6m 40s',
    ...['staging-parity', 'open-incidents', 'frozen-rules', 'restore-drill'].flatMap((each) => [
      `golive decide prod --hold attest-${each} --choice confirm`,
      `golive decide prod --hold attest-${each} --choice reject`,
    ]),
  ],
  'in a soak with a breach clock': [
    'SOAKING 4m 12s',
    'p95 612 ms > 500 ms at service: rolls back at 04:22:22 (02:22:22Z), in 3m 38s',
    'canary soaking 4m 12s of 5m ██████████░░ until 04:24:32, in 5m 48s',
    'RC.3 ×2 at canary-1, canary-2 answer',
    'FAIL p95 at service 612 ms < 350 ms ▁',
  ],
  'in a rollback': [
    'ROLLING-BACK 1m 3s',
    'STOPPED at 04:17:41 (02:17:41Z) by p95-slow (trigger): p95 at service: 640 ms > 500 ms for 15m',
    'rollback.1 running 1m 2s, until 04:27:42 at the latest, in 8m 58s',
    '└ instance 3 of 10: RC.2 is up',
  ],
  'after the end': [
    'ROLLED-BACK 1m 40s ago',
    'ROLLED-BACK: RC.2 is live again, proven by 3 looks',
    'STOPPED at 04:12:04 (02:12:04Z) by p95-slow',
    'pass live version: RC.2 ×30',
  ],
  'without a server': [
    'SOAKING',
    '42s ago',
    'NO ANSWER since 04:18:02 (02:18:02Z), for 42s: the Temporal server at 127.0.0.1:7233 is not reachable',
  ],
  'without a worker': [
    'SOAKING',
    '35s ago',
    'NO ANSWER since 04:18:09 (02:18:09Z), for 35s: no worker answered within 3 s. Nothing is decided until a worker is back.',
    'golive: 4711@host-a asked for work 2m ago',
  ],
};

/** As somebody reads it, or pastes it: without regard to how it is broken into lines. */
const read = (lines: readonly string[]): string => lines.join(' ').replaceAll('\\ ', ' ').replace(/\s+/g, ' ');

describe.each(SIZES)('the screen of %i × %i', (columns, rows) => {
  test.each(Object.entries(situations))('%s', (name, what) => {
    const lines = shown(what, columns, rows);
    expect(lines).toHaveLength(rows);
    expect(Math.max(...lines.map(cellsOf))).toBeLessThanOrEqual(columns);
    expect(lines[0]).toMatch(/^prod RC\.3 ← RC\.2 {2}.* Ana .* 04:18:44 \(02:18:44Z\) /);
    expect(lines.at(-1)).toBe(KEYS);
    for (const said of SAYS[name as keyof typeof situations]) expect(read(lines)).toContain(said);
  });
});

test('what does not fit is counted', () => {
  expect(read(shown(situations['in a soak with a breach clock'], 80, 24))).toMatch(/\d+ more, all ok/);
  expect(read(shown(situations['with four holds open'], 80, 24))).toContain('Checks 14, all ok');
});

test('more questions than there is room for: the first ones keep their commands, the last are counted', () => {
  const [hold] = situations['with four holds open'].view?.status?.holds ?? [];
  const holds = Array.from({ length: 40 }, (_, index) => ({ ...hold!, id: `gate-${index + 1}` }));
  const lines = shown(watched({ holds }), 80, 24);
  expect(lines[1]).toContain('? 1 gate-1 open 5m (confirm | reject)');
  expect(read(lines)).toMatch(/\d+ more questions: \[d\] answers them/);
  const fewer = shown(watched({ holds: holds.slice(0, 9) }), 80, 24);
  expect(read(fewer)).toContain('golive decide prod --hold gate-1 --choice confirm');
  expect(read(fewer)).toContain('? 9 gate-9 open 5m (confirm | reject)');
});

test('an alert from outside that has to last is a countdown, too, and asks where it asks', () => {
  const due = new Date(NOW + 60_000).toISOString();
  const alerts = [
    { trigger: 'p1-alert', since: due, running: 'fires', clock: { action: 'ask' as const, due } },
    { trigger: 'old', since: due, running: 'has fired' },
  ];
  expect(read(shown(watched({ alerts }), 80, 24))).toContain(
    'alert p1-alert fires: asks at 04:19:44 (02:19:44Z), in 1m',
  );
});

test('it waits for a run that has not started', () => {
  const lines = shown(
    { environment: 'prod', workflowId: 'go-live-prod', none: true, seenAt: NOW, history: new Map() },
    80,
    24,
  );
  expect(lines[0]).toMatch(/^prod {2}NOT STARTED {2}04:18:44 \(02:18:44Z\)/);
  expect(lines[1]).toContain('WAITING for a go-live of prod');
});

describe('while a look is under way', () => {
  const nothing: Watched = { environment: 'prod', workflowId: 'go-live-prod', history: new Map() };
  const polled = (secondsAgo: number) => ({
    name: 'golive',
    pollers: [{ identity: '4711@host-a', lastAsked: new Date(NOW - secondsAgo * 1_000).toISOString() }],
  });

  test.each<[NonNullable<Watched['waits']>, string]>([
    [{ of: 'server', since: NOW - 1_900 }, 'LOOKING for the go-live …'],
    [{ of: 'server', since: NOW - 2_000 }, "LOOKING for the go-live: the Temporal server doesn't answer"],
    [{ of: 'worker', since: NOW - 900 }, 'LOOKING for the go-live …'],
    [{ of: 'worker', since: NOW - 1_000 }, 'LOOKING for the go-live: the server answers, no worker has yet'],
    [
      { of: 'worker', since: NOW - 2_500, queue: { name: 'golive', pollers: [] } },
      'LOOKING for the go-live: the server answers, no worker has yet; no worker polls',
    ],
    [{ of: 'worker', since: NOW - 2_500, queue: polled(40) }, 'no worker has yet; 1 worker polls, last seen 40s ago'],
    [
      { of: 'worker', since: NOW - 2_500, queue: polled(80) },
      'no worker has yet; no worker polls, last seen 1m 20s ago',
    ],
    // A worker has three seconds.
    [{ of: 'worker', since: NOW - 4_100 }, "LOOKING for the go-live: the Temporal server doesn't answer"],
  ])('the first one says whose answer it waits for: %j', (waits, says) => {
    expect(read(shown({ ...nothing, waits }, 80, 24))).toContain(says);
  });

  test('an answer that is old is none, and whose is said', () => {
    const old = { seenAt: NOW - 7_000, waits: { of: 'server', since: NOW - 6_000 } } as const;
    const says =
      "NO ANSWER since 04:18:37 (02:18:37Z), for 7s: the Temporal server doesn't answer. Trying again. The go-live is kept there";
    expect(read(shown(watched({}, {}, old), 140, 24))).toContain(says);
    expect(read(shown({ ...nothing, none: true, ...old }, 140, 24))).toContain(says);
    expect(read(shown(watched({}, {}, { ...old, seenAt: NOW - 6_000 }), 140, 24))).not.toContain('NO ANSWER');
  });
});

test.each<[string, Partial<RunView>]>([
  ['no worker', {}],
  ['a fault', { fault: { kind: 'stuck', what: 'its tasks fail', todo: ['golive doctor'] } }],
])('a watch that begins without an answer says what status does: %s', (_, more) => {
  const silent: RunView = {
    ...withoutStatus,
    silence: 'no worker answered within 3 s',
    remembered: {
      phase: 'soaking',
      release: 'RC.3',
      holds: [
        { id: 'soak-canary', reason: 'Slow.', choices: ['extend', 'roll-back'], openedAt: '2026-05-02T02:10:00Z' },
      ],
    },
    queues: [{ name: 'golive', pollers: [] }],
    pending: [{ activity: 'observe', state: 'running', attempt: 2 }],
    build: { id: 'b1', behavior: 'pinned', workers: 0 },
    ...more,
  };
  const screen = takeLook(
    { environment: 'prod', workflowId: 'go-live-prod', history: new Map() },
    { kind: 'seen', view: silent },
    NOW,
  );
  const said = read(shown(screen, 140, 40));
  const status = statusScreen(silent, NOW, plainPaint).split('\n');
  const build = status.filter((line) => line.startsWith('build b1'));
  const below = status.slice(status.findIndex((line) => line.startsWith('NO ANSWER')) + 1);
  // An abort has its key.
  const told = [...build, ...below.filter((line) => line.startsWith('  ') && !line.includes('golive abort'))];
  expect(told).toContainEqual(
    '  hold soak-canary, open 8m 44s (extend | roll-back), to be answered once a worker is back: Slow.',
  );
  expect(told.length).toBeGreaterThanOrEqual(3);
  for (const line of told) expect(said).toContain(line.trim());
});

test('the key ? shows all keys, above what is urgent, at the smallest size too', () => {
  const screen = { columns: 80, rows: 24, now: NOW, zone: ZONE, paint: plainPaint, bottom: [[KEYS]] };
  for (const what of [situations['with four holds open'], situations['without a server']]) {
    const lines = frame(what, { ...screen, page: { kind: 'keys' } });
    expect(read(lines)).toMatch(
      /Keys a abort: .*p r pause, resume.*o promote.*d answers.*l .*t .*Esc .*Ctrl-Z .*q Ctrl-C .*\? these keys/,
    );
    expect(lines).toHaveLength(24);
    expect(lines.at(-1)).toBe(KEYS);
  }
});

test('everything that has happened, the latest first, as far down as somebody has scrolled', () => {
  const lines = frame(situations['in a rollback'], {
    columns: 80,
    rows: 24,
    now: NOW,
    zone: ZONE,
    paint: plainPaint,
    bottom: [],
    page: { kind: 'timeline', from: 4 },
  });
  expect(read(lines)).toContain('Events 02:02:50Z pass backup: manifest.json 02:00:00Z preflight');
  expect(read(lines)).not.toContain('soaking canary');
});

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme-composite', maxLength: 120 }),
  fc.constantFrom(
    '日本語の長い名前'.repeat(12),
    '👩‍👩‍👧‍👦'.repeat(30),
    'é'.repeat(90),
    '\u001b[2J',
    'a'.repeat(300),
    '❤️'.repeat(60),
  ),
);

test('at any size, whatever the texts are: never more rows, never wider, and the top is there', () => {
  fc.assert(
    fc.property(
      fc.record({
        columns: fc.integer({ min: 80, max: 220 }),
        rows: fc.integer({ min: 24, max: 80 }),
        situation: fc.constantFrom(...Object.values(situations)),
        texts: fc.array(odd, { minLength: 8, maxLength: 8 }),
        holds: fc.nat(12),
        checks: fc.nat(60),
        paint: fc.constantFrom(plainPaint, paintFor({ isTTY: true }, {})),
      }),
      ({ columns, rows, situation, texts, holds, checks, paint }) => {
        const [release = '', owner = '', reason = '', check = '', line = '', by = '', id = '', why = ''] = texts;
        const [due] =
          situations['in a soak with a breach clock'].view?.status?.watching.filter(
            ({ triggers }) => triggers.length > 0,
          ) ?? [];
        const oddStatus = {
          ...status,
          ...situation.view?.status,
          release,
          previousRelease: reason,
          decisionOwner: owner,
          stop: { kind: 'trigger', reason, by, at: status.since } as const,
          paused: { by, reason, at: status.since },
          holds: Array.from({ length: holds }, (_, index) => ({
            id: `${id}${index}`,
            reason,
            choices: ['go', why],
            by: [by],
            openedAt: status.since,
            pages: 1,
            paged: [{ channel: owner, times: 1 }],
          })),
          watching: [
            ...(due ? [due] : []),
            ...Array.from({ length: checks }, (_, index) => ({
              check,
              target: `${index}`,
              standing: 'clean' as const,
              failures: 0,
              last: line,
              triggers: [],
            })),
          ],
          commands: [
            {
              step: id,
              generation: 1,
              state: 'running',
              lastLine: line,
              decidedAt: status.since,
              deadline: status.since,
            },
          ],
        };
        const { silence, ...rest } = situation;
        const what: Watched = {
          ...rest,
          environment: 'a'.repeat(60),
          ...(silence ? { silence: { ...silence, why } } : {}),
          view: { ...view, ...situation.view, status: oddStatus },
        };
        const lines = frame(what, { columns, rows, now: NOW, zone: ZONE, paint, bottom: [[line], [KEYS]] });
        expect(lines.length).toBeLessThanOrEqual(rows);

        const plain = lines.map((each) => each.replace(/\u001b\[\d+m/g, ''));
        for (const each of plain) {
          expect(each).not.toMatch(/\p{Cc}/u);
          expect(cellsOf(each)).toBeLessThanOrEqual(columns);
        }
        expect(plain[0]).toMatch(/^aaaa/);
        expect(plain[0]).toMatch(/04:18:44/);
        expect(plain.at(-1)).toBe(KEYS);
        if (!silence) expect(plain.join('\n')).toMatch(situation.view?.result ? /^ROLLED-BACK/m : /^STOPPED/m);
        else expect(plain[1]).toMatch(/^NO ANSWER/);
      },
    ),
    runs(25),
  );
});
