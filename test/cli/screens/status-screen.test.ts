import { describe, expect, test } from '@jest/globals';
import { plainPaint } from '../../../src/cli/terminal/paint.js';
import type { RunView } from '../../../src/cli/run/run-view.js';
import { statusScreen, timelineScreen } from '../../../src/cli/screens/status-screen.js';
import type { GoLiveStatus } from '../../../src/domain/run/status.js';
import { bareStatus } from '../../support/bare-status.js';

const NOW = Date.parse('2026-05-02T02:10:00Z');

const status: GoLiveStatus = {
  ...bareStatus,
  since: '2026-05-02T02:06:50Z',
  beganAt: '2026-11-23T02:00:00.000Z',
  preflight: [{ name: 'backup', state: 'pass', detail: 'manifest.json' }],
  stages: [
    { name: 'canary', state: 'soaking', detail: '3m of 5m observed' },
    { name: 'rolling-25', state: 'pending' },
  ],
  watching: [
    { check: 'health', target: 'service', standing: 'clean', failures: 0, last: '200 in 3 ms', triggers: [] },
    {
      check: 'ready',
      target: 'canary',
      standing: 'failing',
      failures: 2,
      last: '503 in 4 ms',
      triggers: [
        {
          name: 'not-ready',
          action: 'rollback',
          fires: 'failing 3 times in a row',
          running: '2 of 3 in a row',
        },
      ],
    },
    {
      check: 'p95',
      target: 'service',
      standing: 'failing',
      failures: 12,
      last: '612 ms',
      guardrail: '< 350 ms',
      triggers: [
        {
          name: 'latency',
          action: 'rollback',
          fires: '> 500 ms for 15m',
          running: 'p95 612 ms > 500 ms for 11m 20s of 15m',
        },
      ],
    },
  ],
  blind: [
    { from: '2026-05-02T02:01:00Z', to: '2026-05-02T02:02:00Z', check: 'p95', target: 'service' },
    { from: '2026-05-02T02:09:00Z', check: 'p95', target: 'canary', why: 'ECONNREFUSED' },
  ],
  ineffective: [{ at: '2026-05-02T02:03:00Z', what: 'promote by Ana (early) ignored: no soak is in progress' }],
  alerts: [{ trigger: 'p1-alert', since: '2026-05-02T02:09:30Z', running: 'fires for 30s of 2m (ana)' }],
  paused: { reason: 'lunch', by: 'Bea', at: '2026-05-02T02:09:40Z' },
  holds: [
    {
      id: 'soak-canary',
      reason: 'The soak is not clean.',
      choices: ['extend', 'roll-back'],
      openedAt: '2026-05-02T02:09:00Z',
      pages: 2,
      paged: [{ channel: 'on-call', times: 2 }],
      nextPage: '2026-05-02T02:19:00Z',
    },
  ],
  commands: [{ step: 'deploy-canary', generation: 1, state: 'exit 0', lastLine: 'first\ndeploy: \u001b[31mdone' }],
  messages: [{ at: '2026-05-02T02:05:00Z', what: 'started' }],
  nextUpdate: '2026-05-02T02:15:00Z',
  channels: [
    {
      name: 'ops',
      kind: 'slack',
      gets: ['messages', 'pages'],
      state: 'down',
      since: '2026-05-02T02:09:10Z',
      why: 'there is no connection to it (ECONNREFUSED)',
      undelivered: 2,
      maybeSent: 1,
    },
    {
      name: 'on-call',
      kind: 'pagerduty',
      gets: ['pages'],
      state: 'ok',
      since: '2026-05-02T02:09:00Z',
      undelivered: 0,
      maybeSent: 0,
    },
  ],
  undelivered: [
    {
      id: 'go-live-prod/run-1/3',
      channel: 'ops',
      event: 'started',
      text: 'started',
      at: '2026-05-02T02:05:00Z',
      state: 'maybe sent',
      why: "it didn't answer (ETIMEDOUT)",
    },
  ],
};

const silentView: RunView = {
  environment: 'prod',
  workflowId: 'go-live-prod',
  runId: 'run-1',
  server: '127.0.0.1:7233',
  running: true,
  state: 'RUNNING',
  startedAt: '2026-05-02T02:00:00Z',
  pending: [],
  queues: [{ name: 'golive', pollers: [{ identity: '12@host', lastAsked: '2026-05-02T02:09:59Z' }] }],
};
const view: RunView = { ...silentView, status, timeline: [{ at: '2026-05-02T02:00:01Z', what: 'begun\u0007' }] };

const lines = (shown: RunView) => statusScreen(shown, NOW, plainPaint).split('\n');

describe('the status screen', () => {
  test('shows the exit criteria of hypercare and its reviews', () => {
    const criteria = [
      { name: 'p95', met: true, detail: 'inside < 350 ms for 24h' },
      { name: 'no open P1', met: false, detail: 'none for 5h of 24h', earliest: Date.parse('2026-05-02T21:00:00Z') },
      { name: 'live version', met: 'unknown', detail: 'no answer' },
    ] as const;
    const shown = lines({
      ...view,
      status: {
        ...status,
        phase: 'hypercare',
        hypercare: {
          criteria,
          nextReview: '2026-05-02T04:00:00Z',
          reviews: [{ at: '2026-05-02T02:00:00Z', text: 'T+26h of 72h\u0007' }],
        },
      },
    }).join('\n');
    expect(shown).toContain('Exit criteria of hypercare');
    expect(shown).toMatch(/met +p95 +inside < 350 ms for 24h/);
    expect(shown).toMatch(/not met +no open P1 +none for 5h of 24h; at the earliest 2026-05-02 21:00:00Z/);
    expect(shown).toMatch(/unknown +live version +no answer/);
    expect(shown).toContain('02:00:00Z  T+26h of 72h');
    expect(shown).toContain('next at 2026-05-02 04:00:00Z');
  });

  test('says of a run that waits for a clock when it begins and how to end it, and nothing of workers', () => {
    const later = lines({ ...silentView, beginsAt: '2026-05-02T03:00:00.000Z' }).join('\n');
    expect(later).toContain(
      'It has not begun: it waits for a cron schedule or a start delay, until 2026-05-02 03:00:00Z. End it with: temporal workflow terminate --workflow-id go-live-prod',
    );
    expect(later).not.toMatch(/NO ANSWER|worker/);
  });

  test('says in its first line what goes where and how it is', () => {
    expect(lines(view)[0]).toBe('RC.3 to prod  SOAKING for 3m 10s');
  });

  test('shows each hold with the command that answers it', () => {
    const at = lines(view).indexOf('HOLD soak-canary, open 1m, paged 2× (on-call 2×), again at 02:19:00Z');
    expect(lines(view).slice(at + 1, at + 4)).toEqual([
      '  The soak is not clean.',
      '  golive decide prod --hold soak-canary --choice extend',
      '  golive decide prod --hold soak-canary --choice roll-back',
    ]);
  });

  test('shows readings, the last line of commands, blind times, and no control characters', () => {
    expect(lines(view)).toEqual(
      expect.arrayContaining([
        '  ok          health at service            200 in 3 ms',
        '  2× failed   ready at canary              503 in 4 ms; not-ready: 2 of 3 in a row',
        '  12× failed  p95 at service     < 350 ms  612 ms; latency: p95 612 ms > 500 ms for 11m 20s of 15m',
        '  deploy-canary.1  exit 0  deploy: \\x1b[31mdone',
        '  02:01:00Z to 02:02:00Z  p95 at service',
        '  02:09:00Z to now  p95 at canary: ECONNREFUSED',
        '  p1-alert  since 02:09:30Z, fires for 30s of 2m (ana)',
        'PAUSED for 20s by Bea: lunch; the deploy of rolling-25 waits',
        '  golive resume prod',
        '  02:03:00Z  promote by Ana (early) ignored: no soak is in progress',
        ,
      ]),
    );
    expect(timelineScreen(view)).toBe('2026-05-02 02:00:01Z  begun\\x07');
  });

  test('says the last messages, when the next one comes, how each channel is, and what has not arrived', () => {
    const shown = lines(view);
    expect(shown.slice(shown.indexOf('Messages'), shown.indexOf('Messages') + 8)).toEqual([
      'Messages',
      '  02:05:00Z  started',
      '  the next one by 02:15:00Z',
      '',
      'Channels',
      '  down  ops (slack)          since 02:09:10Z: there is no connection to it (ECONNREFUSED); 2 not delivered, 1 maybe sent',
      '  ok    on-call (pagerduty)  since 02:09:00Z',
      '  02:05:00Z  maybe sent, ops: started',
    ]);
  });

  test('says who stopped it and why', () => {
    const stopped = {
      ...view,
      status: {
        ...status,
        stop: { kind: 'abort' as const, reason: 'checkout fails', by: 'Ben', at: '2026-05-02T02:09:30Z' },
      },
    };
    expect(lines(stopped)).toContain('Stopped at 02:09:30Z by Ben (abort): checkout fails');
  });

  test('counts nothing as passed that a person answers for', () => {
    const pass = { name: 'health', state: 'pass' as const, detail: '200' };
    const attested = { name: 'smoke', state: 'attested' as const, detail: 'Ana: run by hand (exit 5)' };
    const answered = {
      ...view,
      status: { ...status, preflight: [pass, attested], verification: [pass, pass, attested] },
    };
    expect(lines(answered)).toContain('Preflight: 1 of 2 passed; attested: smoke');
    expect(lines(answered)).toContain('Verification: 2 of 3 passed; unproven: smoke');
  });

  test('shows all of a list that has a failure, and only the number of one that has none', () => {
    expect(lines(view)).toContain('Preflight: all 1 passed');
    const failed = {
      ...view,
      status: {
        ...status,
        preflight: [...status.preflight, { name: 'branch', state: 'fail' as const, detail: 'on "dev"' }],
      },
    };
    expect(lines(failed)).toEqual(
      expect.arrayContaining(['  pass  backup  manifest.json', '  FAIL  branch  on "dev"']),
    );
  });

  test('names work that fails or that nobody takes beside an answering worker', () => {
    const pending = [
      {
        activity: 'openRun',
        queue: 'golive',
        state: 'waiting for a worker' as const,
        attempt: 4,
        since: '2026-05-02T02:09:58Z',
        lastFailure: 'lacks ARIS3_PASSWORD',
      },
    ];
    expect(lines({ ...view, pending })).toContain(
      '  openRun: waiting for a worker for 2s on golive, attempt 4, last failure: lacks ARIS3_PASSWORD',
    );
  });
});

describe('without an answer from a worker', () => {
  const unseen: RunView = {
    ...silentView,
    silence: 'no worker answered within 3 s',
    queues: [{ name: 'golive', pollers: [] }],
    pending: [
      {
        activity: 'observe',
        queue: 'golive-observe',
        state: 'running',
        attempt: 1,
        since: '2026-05-02T02:08:00Z',
        lastHeartbeat: '2026-05-02T02:08:30Z',
      },
    ],
  };
  const silent: RunView = {
    ...unseen,
    remembered: { phase: 'soaking', since: '2026-05-02T02:06:50Z', release: 'RC.3', previousRelease: 'RC.2' },
  };

  test('says what was last known, who is missing, what waits and what to do', () => {
    const screen = lines(silent);
    expect(screen[0]).toBe('RC.3 to prod  LAST SEEN SOAKING for 3m 10s');
    expect(screen.join('\n')).toMatch(/NO ANSWER: no worker answered within 3 s/);
    expect(screen).toEqual(
      expect.arrayContaining([
        '  golive: no worker polls it',
        '  observe: running for 2m on golive-observe, last sign of life 1m 30s ago',
        expect.stringMatching(/No worker polls\. Start one .*golive worker/),
        expect.stringMatching(/: golive abort prod$/),
      ]),
    );
  });

  test('tells a worker that asked a moment ago from one that is gone for long', () => {
    const asked = (lastAsked: string) =>
      lines({ ...silent, queues: [{ name: 'golive', pollers: [{ identity: '12@host', lastAsked }] }] }).join('\n');
    expect(asked('2026-05-02T02:09:30Z')).toMatch(/may be busy, or have just died/);
    expect(asked('2026-05-02T02:06:00Z')).toMatch(/No worker polls\./);
  });

  test('knows a run that no worker has ever seen from its input', () => {
    expect(lines({ ...unseen, input: { release: 'RC.3', previousRelease: 'RC.2', decisionOwner: 'Ana' } })[0]).toBe(
      'RC.3 to prod  NOT BEGUN',
    );
  });

  test('begins with a fault of the run itself, and sends nobody for a worker then', () => {
    const fault = {
      kind: 'stuck' as const,
      what: 'The go-live of RC.3 to prod stands still: broken',
      todo: ['Start it.'],
    };
    const screen = lines({ ...silent, fault, taskFailure: 'broken' });
    expect(screen).toEqual(
      expect.arrayContaining(['STUCK: The go-live of RC.3 to prod stands still: broken', '  Start it.']),
    );
    expect(screen.join('\n')).toMatch(/NO ANSWER.*\n.*An abort is kept .* when it decides again: golive abort prod/s);
    expect(screen.join('\n')).not.toMatch(/worker polls|golive worker|own code fails/);
  });

  test('shows the result of a run that has ended', () => {
    const result = {
      outcome: 'rolled-back' as const,
      summary: 'RC.2 is live again',
      environment: 'prod',
      release: 'RC.3',
      previousRelease: 'RC.2',
      planHash: status.planHash,
      preflight: [],
      verification: [],
      proof: [{ name: 'smoke', state: 'pass' as const, detail: 'exit 0' }],
      timeline: [],
    };
    const screen = lines({
      ...silent,
      running: false,
      state: 'COMPLETED',
      endedAt: '2026-05-02T02:09:59Z',
      result,
      pending: [],
      queues: [],
    });
    expect(screen[0]).toBe('RC.3 to prod  ROLLED-BACK at 2026-05-02 02:09:59Z');
    expect(screen).toEqual(expect.arrayContaining(['RC.2 is live again', '  pass  smoke  exit 0']));
    expect(screen.join('\n')).not.toMatch(/NO ANSWER/);
  });
});
