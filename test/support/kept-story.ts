import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decided, DecidedRecord, JournalHeader, Seen, SeenRecord } from '../../src/domain/evidence/record.js';
import type { Kept } from '../../src/domain/evidence/report/kept.js';
import { planFor, type Plan } from '../../src/domain/plan/plan.js';
import { readPlaybookFile } from '../../src/plans/playbook-file.js';
import { sealOf } from '../../src/journals/journal-file.js';
import { bareStatus } from './bare-status.js';

export const RUN = '01a21c8a-e3ca-7033-bb5b-2c5ad7d89fb4';
const BEGAN = Date.parse('2026-03-01T22:00:00Z');
/** A moment of the story: so many seconds after its beginning, ISO. */
export const at = (seconds: number) => new Date(BEGAN + seconds * 1_000).toISOString();

/** What a hostile service, command or person may say. */
export const HOSTILE = '<script>alert(1)</script>"\'&\u202Egnp\u0007.`|';

/** The plan of the sandbox. */
export const storyPlan = async (): Promise<Plan> => planFor(await readPlaybookFile('golive.yaml'), 'sandbox');

/**
 * A go-live whose canary gets slow: its p95 breaches for 8 s, `latency` fires and it is rolled back. Its question was answered, it was blind once, and a hostile
 * text is wherever one can be. `open`: only as far as its soak.
 */
export async function slowRelease({ open = false } = {}): Promise<Kept> {
  const plan = await storyPlan();
  const input = { environment: 'sandbox', release: 'RC.4', previousRelease: 'RC.3', decisionOwner: 'Ana' };
  const stop = {
    kind: 'trigger',
    reason: 'p95 at canary 900 ms > 500 ms for 8s',
    by: 'trigger latency',
    at: at(30),
  } as const;
  const state = { check: 'p95', target: 'canary', standing: 'failing', failures: 3 } as const;
  const segment = { states: [], lengthMs: 1, observedMs: 1, looks: 1 };
  const report = (seconds: number, breaches: object[], fired: object[], since = {}): Decided => ({
    kind: 'verdict',
    rule: 'report',
    inputs: { known: {}, segment, seenTo: BEGAN + seconds * 1_000, now: BEGAN + seconds * 1_000 },
    outcome: { fired, known: { states: [{ ...state, breaches }], since } },
  });
  const breach = { trigger: 'latency', count: 1 };
  const since = { 'p95 canary latency': BEGAN + 22_000 };
  const firing = { trigger: 'latency', check: 'p95', target: 'canary', detail: '900 ms > 500 ms for 8s' };
  const rollingOut = { is: 'rolling-out', stage: 'canary', deployed: true } as const;
  const result = {
    outcome: 'rolled-back' as const,
    summary: `RC.3 is live again, proven; ${stop.reason}`,
    environment: 'sandbox',
    release: 'RC.4',
    previousRelease: 'RC.3',
    planHash: 'sha256:ab',
    stop,
    preflight: [{ name: 'clean tree', state: 'pass' as const, detail: HOSTILE }],
    verification: [],
    proof: [{ name: 'live version', state: 'pass' as const, detail: 'RC.3 ×30' }],
    timeline: [],
  };
  const forward: [number, Decided][] = [
    [0, { kind: 'run', input, firstRunId: RUN }],
    [0, { kind: 'plan', hash: 'sha256:ab', plan }],
    [0, { kind: 'course', course: { is: 'preflight', passed: false } }],
    [2, { kind: 'hold', id: 'attest-restore-drill', state: 'open', reason: HOSTILE }],
    [6, { kind: 'hold', id: 'attest-restore-drill', state: 'answered', choice: 'confirm', by: 'Ana', reason: HOSTILE }],
    [10, { kind: 'course', course: { ...rollingOut, part: 'deploying' } }],
    [10, { kind: 'message', as: 'message', event: 'started', text: HOSTILE }],
    [15, { kind: 'course', course: { ...rollingOut, part: 'soaking' } }],
    [15, { kind: 'told', how: 'signal', name: 'pause', payload: { reason: HOSTILE } }],
    [20, { kind: 'blind', check: 'health', target: 'canary', from: at(16), to: at(19) }],
    [23, report(23, [breach], [], since)],
  ];
  const back: [number, Decided][] = [
    [30, report(30, [{ ...breach, fired: true }], [firing], since)],
    [30, { kind: 'verdict', rule: 'trigger', inputs: { trigger: 'latency' }, outcome: 'rollback' }],
    [30, { kind: 'stop', stop }],
    [30, { kind: 'course', course: { is: 'stopping', phase: 'soaking', deployed: true, stop } }],
    [31, { kind: 'course', course: { is: 'rolling-back', stop } }],
    [40, { kind: 'course', course: { is: 'ended', outcome: 'rolled-back', stop } }],
    [40, { kind: 'end', result, status: bareStatus }],
  ];
  const decided = [...forward, ...(open ? [] : back)].map(([seconds, record], n): DecidedRecord => ({
    ...record,
    at: at(seconds),
    n,
  }));
  const look = (seconds: number, check: string, reading: Extract<Seen, { kind: 'look' }>['reading']): SeenRecord => ({
    kind: 'look',
    of: '1/1',
    ms: seconds * 1_000,
    at: at(seconds),
    check,
    target: 'canary',
    reading,
  });
  const seen: SeenRecord[] = [
    ...[16, 18, 20].map((each) => look(each, 'p95', { kind: 'value', value: 40 })),
    look(22, 'p95', { kind: 'value', value: 900 }),
    ...[24, 26, 28, 30].map((each) => look(each, 'p95', { kind: 'value', value: 900, text: HOSTILE })),
    look(16, 'health', { kind: 'good', text: '200 in 12 ms' }),
    look(20, 'health', { kind: 'bad', text: '503 in 90 ms' }),
    look(25, 'contracts', { kind: 'none', text: HOSTILE }),
    {
      kind: 'command',
      at: at(15),
      step: 'deploy-canary',
      generation: 1,
      argv: ['./deploy.sh', HOSTILE],
      directory: '/srv/aris3',
      end: { kind: 'exited', exitCode: 0 },
      startedAt: at(10),
      endedAt: at(15),
      output: [
        { file: 'commands/deploy-canary.1.stdout.log', bytes: 9, sha256: '' },
        { file: 'commands/../../../../etc/passwd', bytes: 9, sha256: '' },
      ],
    },
  ];
  return {
    workflowId: 'go-live-sandbox',
    firstRunId: RUN,
    beganAt: at(0),
    runs: [{ runId: RUN, journals: [{ header: headerOf('host-a') }] }],
    decided,
    seen,
    plan,
    planHash: 'sha256:ab',
    faults: [],
  };
}

const headerOf = (host: string): JournalHeader => ({
  kind: 'journal',
  schema: 1,
  at: at(0),
  workflowId: 'go-live-sandbox',
  runId: RUN,
  writer: { host, pid: 7, golive: '0.1.0', build: '0.1.0+ab', node: 'v20' },
  after: [],
});

/** Leaves it in a folder as workers do: `decided` by one host, `seen` by another where two folders are given. */
export function keep({ decided, seen }: Kept, folder: string, seenBy = folder): void {
  const journal = (base: string, name: string, host: string, records: readonly object[]) => {
    const place = join(base, 'go-live-sandbox', RUN);
    mkdirSync(join(place, 'commands'), { recursive: true });
    const lines = [headerOf(host), ...records].map((each) => `${JSON.stringify(each)}\n`).join('');
    const seal = JSON.stringify({ kind: 'seal', sha256: sealOf('', lines) });
    writeFileSync(join(place, `${name}-20260301T220000000Z-7.jsonl`), `${lines}${seal}\n`);
    writeFileSync(join(place, 'commands', 'deploy-canary.1.stdout.log'), `${HOSTILE}\n`);
  };
  journal(folder, 'decided', 'host-a', decided);
  journal(seenBy, 'seen', seenBy === folder ? 'host-a' : 'host-b', seen);
}
