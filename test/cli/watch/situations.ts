import type { RunView } from '../../../src/cli/run/run-view.js';
import { withValues, type ValueHistory } from '../../../src/cli/watch/value-history.js';
import type { Watched } from '../../../src/cli/watch/watched.js';
import type { OpenHold } from '../../../src/domain/people/hold.js';
import type { GoLiveStatus } from '../../../src/domain/run/status.js';
import type { CheckStatus } from '../../../src/domain/watching/check-status.js';
import { bareStatus } from '../../support/bare-status.js';

/** 02:18:44 UTC, which is 04:18:44 in Berlin. */
export const NOW = Date.parse('2026-05-02T02:18:44Z');
export const ZONE = 'Europe/Berlin';

const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

const well = (check: string, target: string, last: string, more: Partial<CheckStatus> = {}): CheckStatus => ({
  check,
  target,
  standing: 'clean',
  failures: 0,
  last,
  triggers: [],
  ...more,
});

const watching: readonly CheckStatus[] = [
  ...['service', 'canary-1', 'canary-2'].flatMap((target) => [
    well('health', target, '200 in 3 ms'),
    well('ready', target, '200 in 5 ms'),
    well('errors', target, '0.12 %', { value: 0.0012, guardrail: '< 1 %' }),
    well('p95', target, '212 ms', { value: 212, guardrail: '< 350 ms' }),
  ]),
  well('contracts', 'service', '14 as they should be'),
  well('integrity', 'service', 'PASS, 0 violations'),
];

const slow: CheckStatus = well('p95', 'service', '612 ms', {
  value: 612,
  guardrail: '< 350 ms',
  standing: 'failing',
  failures: 46,
  triggers: [
    {
      name: 'p95-slow',
      action: 'rollback',
      fires: '> 500 ms for 15m',
      running: 'p95 612 ms > 500 ms for 11m 22s of 15m',
      clock: { says: 'p95 612 ms > 500 ms', due: at(218) },
    },
  ],
});

const hold = (id: string, reason: string, choices: readonly string[], openedAgo: number): OpenHold => ({
  id,
  reason,
  choices,
  openedAt: at(-openedAgo),
  pages: 2,
  paged: [{ channel: 'on-call', times: 2 }],
  nextPage: at(600 - openedAgo),
});

const status: GoLiveStatus = {
  ...bareStatus,
  since: at(-252),
  beganAt: at(-1_124),
  preflight: [
    { name: 'backup', state: 'pass', detail: 'manifest.json' },
    { name: 'branch', state: 'pass', detail: 'release/3' },
    { name: 'staging parity', state: 'attested', detail: 'compared, ticket 812 (Ana)' },
  ],
  stages: [
    {
      name: 'canary',
      state: 'soaking',
      detail: 'service: 3m 50s of 5m observed',
      beganAt: at(-330),
      since: at(-252),
      due: at(48),
      deadline: at(348),
      answers: 'RC.3 ×2 at canary-1, canary-2, expected RC.3',
    },
    { name: '25', state: 'pending' },
    { name: '100', state: 'pending' },
  ],
  watching,
  commands: [
    { step: 'backup-create', generation: 1, state: 'exit 0', lastLine: 'backup of 14 GB written' },
    { step: 'deploy-canary', generation: 1, state: 'exit 0', lastLine: 'canary: RC.3 on 2 instances' },
  ],
};

const timeline = [
  'preflight',
  'pass backup: manifest.json',
  'deploying canary',
  'deploy-canary.1: running',
  'deploy-canary.1: exit 0',
  'soaking canary',
].map((what, index) => ({ at: at(-1_124 + index * 170), what }));

const view: RunView = {
  environment: 'prod',
  workflowId: 'go-live-prod',
  runId: 'run-1',
  server: '127.0.0.1:7233',
  running: true,
  state: 'RUNNING',
  startedAt: at(-1_124),
  status,
  timeline,
  pending: [],
  queues: [],
};

/** Ten minutes of looks, with a p95 that climbs. */
function looked(last: readonly CheckStatus[]): ValueHistory {
  let history: ValueHistory = new Map();
  for (let ago = 580; ago >= 0; ago -= 5) {
    const seen = last.map((each) =>
      each.value === undefined ? each : { ...each, value: each.value * (1 - ago / 900 + ((ago / 5) % 7) / 40) },
    );
    history = withValues(history, seen, NOW - ago * 1_000);
  }
  return history;
}

const watched = (more: Partial<GoLiveStatus>, of: Partial<RunView> = {}, also: Partial<Watched> = {}): Watched => ({
  environment: 'prod',
  workflowId: 'go-live-prod',
  view: { ...view, status: { ...status, ...more }, ...of },
  seenAt: NOW - 2_000,
  history: looked(more.watching ?? watching),
  ...also,
});

const fourHolds = watched({
  phase: 'preflight',
  since: at(-400),
  stages: status.stages.map(({ name }) => ({ name, state: 'pending' as const })),
  holds: [
    hold(
      'attest-staging-parity',
      'Is staging what production is? Nobody but a person can say so.',
      ['confirm', 'reject'],
      300,
    ),
    hold('attest-open-incidents', 'Are there no open blocker incidents?', ['confirm', 'reject'], 300),
    hold('attest-frozen-rules', 'Are the frozen rules kept that no probe can see?', ['confirm', 'reject'], 290),
    hold('attest-restore-drill', 'Has a restore drill passed within 30 days?', ['confirm', 'reject'], 280),
  ],
});

const breach = watched({
  watching: [...watching.filter((each) => each.check !== 'p95' || each.target !== 'service'), slow],
});

const stopped: GoLiveStatus['stages'] = status.stages.map(({ name }, index) =>
  index > 0
    ? { name, state: 'pending' }
    : { name, state: 'stopped', beganAt: at(-330), since: at(-63), answers: 'RC.3 ×2 at canary-1, canary-2' },
);

const rollback = watched(
  {
    phase: 'rolling-back',
    since: at(-63),
    stop: {
      kind: 'trigger',
      reason: 'p95 at service: 640 ms > 500 ms for 15m',
      by: 'p95-slow',
      at: at(-63),
    },
    stages: stopped,
    commands: [
      ...status.commands,
      {
        step: 'rollback',
        generation: 1,
        state: 'running',
        lastLine: '',
        decidedAt: at(-62),
        deadline: at(538),
      },
    ],
    proof: [],
    watching: [...watching.slice(1), slow],
  },
  {
    pending: [
      {
        activity: 'runCommand',
        state: 'running',
        attempt: 1,
        progress: { step: 'rollback', generation: 1, lastLine: 'instance 3 of 10: RC.2 is up' },
      },
    ],
  },
);

const proof = [
  { name: 'live version', state: 'pass', detail: 'RC.2 ×30' },
  { name: 'smoke', state: 'pass', detail: '48 of 48, all critical areas' },
  { name: 'health', state: 'pass', detail: '/health: 200 in 3 ms' },
] as const;
const stop = {
  kind: 'trigger',
  reason: 'p95 at service: 640 ms > 500 ms for 15m',
  by: 'p95-slow',
  at: at(-400),
} as const;
const ended = watched(
  { phase: 'ended', outcome: 'rolled-back', stop, stages: stopped, watching: [], since: at(-100), proof },
  {
    running: false,
    state: 'COMPLETED',
    endedAt: at(-100),
    result: {
      outcome: 'rolled-back',
      summary: 'RC.2 is live again, proven by 3 looks',
      environment: 'prod',
      release: 'RC.3',
      previousRelease: 'RC.2',
      planHash: status.planHash,
      stop,
      preflight: status.preflight,
      verification: [],
      proof,
      timeline,
    },
  },
);

const noServer = watched(
  {},
  {},
  {
    seenAt: NOW - 42_000,
    silence: { since: NOW - 42_000, of: 'server', why: 'the Temporal server at 127.0.0.1:7233 is not reachable' },
  },
);

const noWorker = watched(
  {},
  {
    silence: 'no worker answered within 3 s',
    queues: [{ name: 'golive', pollers: [{ identity: '4711@host-a', lastAsked: at(-120) }] }],
    pending: [
      { activity: 'observe', queue: 'golive-observe', state: 'waiting for a worker', attempt: 3, since: at(-30) },
    ],
  },
  { seenAt: NOW - 35_000, silence: { since: NOW - 35_000, of: 'worker', why: 'no worker answered within 3 s' } },
);

/** What a screen has to be right in, with what it has to say. */
export const situations = {
  'with four holds open': fourHolds,
  'in a soak with a breach clock': breach,
  'in a rollback': rollback,
  'after the end': ended,
  'without a server': noServer,
  'without a worker': noWorker,
} as const;
export { view, status, watched };
