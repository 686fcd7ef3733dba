import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clockDiagnosis } from '../../../src/cli/doctor/clock.js';
import { lookAtCommands, programAt } from '../../../src/cli/doctor/commands.js';
import { examined, found, type Diagnosis } from '../../../src/cli/doctor/diagnosis.js';
import { diskDiagnosis, lookAtLedger, roomDiagnosis } from '../../../src/cli/doctor/ledger.js';
import { lookAtPlaybook } from '../../../src/cli/doctor/playbook.js';
import { retention, searchAttributes } from '../../../src/cli/doctor/server.js';
import { lookAtService } from '../../../src/cli/doctor/service.js';
import { sessionKills, unitKills } from '../../../src/cli/doctor/unit.js';
import { buildDiagnoses, pollingDiagnosis } from '../../../src/cli/doctor/workers.js';
import { doctorScreen } from '../../../src/cli/screens/doctor-screen.js';
import { plainPaint } from '../../../src/cli/terminal/paint.js';
import { homeAt } from '../../../src/home.js';
import { planFor, type Plan } from '../../../src/domain/plan/plan.js';
import { readPlaybookFile } from '../../../src/plans/playbook-file.js';
import { pollerAt, queueOf } from '../../support/polling-workers.js';
import { SmallService } from '../../support/small-service.js';

const NOW = Date.parse('2026-03-01T02:00:00Z');
const poller = pollerAt(NOW);
const session = (told: string, owner = 'ana') => sessionKills(7, 'session-3.scope', told, owner);
const state = ({ state: is, cure }: Diagnosis) => [is, cure !== undefined];
const KEYWORDS = {
  GoLiveEnvironment: 'Keyword',
  GoLivePhase: 'Keyword',
  GoLiveRelease: 'Keyword',
  GoLiveOutcome: 'Keyword',
};

test.each<[string, Diagnosis, Diagnosis['state'], string]>([
  ['a month is kept', retention('golive', 30 * 86_400_000), 'ok', '30 days'],
  ['hypercare and no week', retention('golive', 3 * 86_400_000), 'warn', '3 days'],
  ['a clock a second off', clockDiagnosis('x', NOW + 1_500, NOW, NOW + 300), 'ok', 'is 1s ahead of'],
  ['a clock within the call', clockDiagnosis('x', NOW + 200, NOW, NOW + 300), 'ok', 'goes with'],
  ['a clock behind', clockDiagnosis('x', NOW - 60_000, NOW, NOW + 300), 'warn', 'is 1m behind'],
  ['a clock ahead', clockDiagnosis('x', NOW + 60_300, NOW, NOW + 300), 'warn', 'is 1m ahead of'],
  ['a queue with a worker', pollingDiagnosis(queueOf(undefined, poller('1', false)), NOW), 'ok', 'polled by of 1'],
  [
    'a queue whose worker has gone',
    pollingDiagnosis(queueOf(undefined, poller('1', false, 300)), NOW),
    'bad',
    'no worker',
  ],
  ["a home's queue without one", pollingDiagnosis(queueOf(undefined), NOW, true), 'warn', 'no worker of this home'],
  ['a local disk', diskDiagnosis('/h', 0xef53), 'ok', 'a disk of this host'],
  ['NFS', diskDiagnosis('/h', 0x6969), 'bad', 'network file system (NFS)'],
  ['CIFS, as a signed number', diskDiagnosis('/h', 0xff534d42 - 2 ** 32), 'bad', 'network file system (CIFS)'],
  ['memory', diskDiagnosis('/h', 0x01021994), 'warn', 'a reboot empties it'],
  ["a container's layer", diskDiagnosis('/h', 0x794c7630), 'warn', 'goes with the container'],
  ['room', roomDiagnosis('/h', 50 * 2 ** 30), 'ok', '50 GiB free'],
  ['little room', roomDiagnosis('/h', 500 * 2 ** 20), 'warn', '500 MiB free'],
  ['no room', roomDiagnosis('/h', 10 * 2 ** 20), 'bad', '10 MiB free'],
  ['a unit that kills', unitKills(7, 'golive-worker.service', 'control-group'), 'bad', 'KillMode=control-group'],
  ['a unit that does not', unitKills(7, 'golive-worker.service', 'process'), 'ok', 'leaves running commands alone'],
  ['a unit that nobody can ask', unitKills(7, 'golive-worker.service', ''), 'warn', "doesn't tell"],
  ['a scope', unitKills(7, 'run-r1.scope', ''), 'warn', 'its end may end running commands'],
  ['a session that is killed', session('b true\nas 0\nas 1 "root"'), 'bad', 'a logout kills all of it'],
  ['a session of one who is spared', session('b true\nas 0\nas 2 "root" "ana"'), 'ok', 'yes, not for ana'],
  ['a session of one who is not meant', session('b true\nas 1 "bea"\nas 0'), 'ok', 'yes, not for ana'],
  ['a session of one who is meant', session('b true\nas 1 "ana"\nas 0'), 'bad', 'KillUserProcesses=yes'],
  ['a session of nobody knows whom', session('b true\nas 0\nas 1 "root"', ''), 'bad', 'KillUserProcesses=yes'],
  ['the same where only some are meant', session('b true\nas 1 "bea"\nas 0', ''), 'bad', 'KillUserProcesses=yes'],
  ['a session that is left alone', session('b false\nas 0\nas 1 "root"'), 'ok', 'KillUserProcesses=no'],
  ['a session that nobody can ask about', session(''), 'warn', "logind doesn't tell"],
])('%s', (_, diagnosis, is, detail) => {
  expect(state(diagnosis)).toEqual([is, is !== 'ok']);
  expect(diagnosis.detail).toContain(detail);
});

test('search attributes: all there, one missing, one of another type', () => {
  expect(searchAttributes('golive', KEYWORDS)).toMatchObject([{ state: 'ok' }]);
  const { GoLivePhase: _, ...others } = KEYWORDS;
  void _;
  expect(searchAttributes('my space', { ...others, GoLiveRelease: 'type 1' })).toMatchObject([
    {
      state: 'warn',
      command: "temporal operator search-attribute create --namespace 'my space' --name GoLivePhase --type Keyword",
    },
    { state: 'bad', detail: 'has type 1, expected Keyword: a go-live that sets it would stand still' },
  ]);
});

test('builds: this one, another, none that polls', () => {
  expect(buildDiagnoses(queueOf(undefined, poller('1', false)), '1', NOW)).toMatchObject([{ state: 'ok' }]);
  expect(buildDiagnoses(queueOf(undefined, poller('1', false), poller('2', false)), '1', NOW)).toMatchObject([
    { state: 'warn', detail: '2 polls, and this golive is 1' },
  ]);
  expect(buildDiagnoses(queueOf(undefined), '1', NOW)).toEqual([]);
});

describe('a look', () => {
  test('that hangs comes to its end, and is told so', async () => {
    const broken = new Promise<void>((resolve) => {
      void examined(
        'server',
        'x',
        (signal) => new Promise(() => signal.addEventListener('abort', () => resolve())),
        20,
      ).then((all) => expect(all).toMatchObject([{ state: 'bad', detail: 'no answer within 0.02 s' }]));
    });
    await broken;
  });

  test('that fails is bad, with what it says', async () => {
    expect(await examined('server', 'x', () => Promise.reject(new Error('refused')))).toMatchObject([
      { state: 'bad', detail: 'refused' },
    ]);
  });
});

test('the screen: one line each with its cure, nothing that a terminal obeys, and how much is to be mended', () => {
  const all = [
    found('server', 'answers', 'ok', 'Temporal 1'),
    found('service', 'health', 'bad', '503 \u001b[31mred', { cure: 'Look.\u0007', command: "curl 'x\u001b'" }),
  ];
  expect(doctorScreen(all, plainPaint)).toBe(
    "server\n  ok    answers: Temporal 1\nservice\n  BAD   health: 503 \\x1b[31mred\n        Look.\\x07\n        curl 'x\\x1b'\n\n1 bad, 0 to look at, 1 ok. Mend what is bad before a go-live.",
  );
  expect(doctorScreen(all.slice(0, 1), plainPaint)).toContain('All 1 ok.');
});

describe('with files and a service', () => {
  let folder: string;
  let service: SmallService;
  let environment: Record<string, string>;
  let plan: Plan;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'golive-diagnoses-'));
    for (const each of ['bin', 'checkout']) await mkdir(join(folder, each));
    for (const program of ['bin/python', 'bin/pytest', 'bin/git', 'checkout/deploy.sh']) {
      await writeFile(join(folder, program), '#!/bin/sh\n');
      await chmod(join(folder, program), 0o755);
    }
    service = await SmallService.open();
    environment = {
      PATH: '/nowhere',
      GOLIVE_SANDBOX_URL: service.url,
      GOLIVE_SANDBOX_CANARY_URL: service.url,
      GOLIVE_SANDBOX_DISCOVERY_URL: `${service.url}/discovery`,
      GOLIVE_SANDBOX_CHECKOUT: join(folder, 'checkout'),
      GOLIVE_SANDBOX_PREVIOUS_CHECKOUT: join(folder, 'checkout'),
      GOLIVE_SANDBOX_BIN: join(folder, 'bin'),
      GOLIVE_SANDBOX_DATABASE_URL: 'db',
      GOLIVE_SANDBOX_ARTIFACTS: folder,
      ARIS3_USERNAME: 'u',
      ARIS3_PASSWORD: 'hunter-two',
    };
    plan = planFor(await readPlaybookFile('golive.yaml'), 'sandbox');
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('a program is looked for as the system does', async () => {
    const bin = join(folder, 'bin');
    expect(await programAt('python', folder, `/nowhere:${bin}`)).toBe(join(bin, 'python'));
    expect(await programAt('python', folder, 'bin')).toBe(join(bin, 'python'));
    expect(await programAt('./deploy.sh', join(folder, 'checkout'), '')).toBe(join(folder, 'checkout/deploy.sh'));
    expect(await programAt('bin', folder, folder)).toBeUndefined(); // a folder
    await writeFile(join(bin, 'plain'), '');
    expect(await programAt('plain', folder, bin)).toBeUndefined(); // not executable
  });

  test('commands: all there; a program gone; a folder gone, told once for all that want it', async () => {
    expect(await lookAtCommands(plan, environment)).toMatchObject([{ state: 'ok' }]);
    expect(await lookAtCommands(plan, { ...environment, GOLIVE_SANDBOX_BIN: '/nowhere' })).toMatchObject([
      {
        state: 'bad',
        what: expect.stringContaining('branch'),
        detail: expect.stringContaining('no program git on its PATH'),
      },
      { state: 'bad', detail: expect.stringContaining('no program python') },
      { state: 'bad', detail: expect.stringContaining('no program pytest') },
    ]);
    const [gone, ...others] = await lookAtCommands(plan, { ...environment, GOLIVE_SANDBOX_PREVIOUS_CHECKOUT: '/gone' });
    expect(gone).toMatchObject({ state: 'bad', what: 'sandbox: rollback-smoke', detail: 'there is no folder /gone' });
    expect(others).toEqual([]);
  });

  test('the playbook file: valid, with faults, an environment that it lacks, variables that are missing', async () => {
    expect(await lookAtPlaybook('golive.yaml', undefined, environment)).toMatchObject({
      diagnoses: [{ state: 'ok' }, { state: 'ok' }],
      plans: [{ service: 'ARIS3' }],
    });
    const { ARIS3_PASSWORD: _, ...lacking } = environment;
    void _;
    expect(await lookAtPlaybook('golive.yaml', 'sandbox', lacking)).toMatchObject({
      diagnoses: [
        { state: 'ok' },
        {
          state: 'bad',
          detail: expect.stringContaining('not set here: ARIS3_PASSWORD'),
          command: expect.stringMatching(/golive doctor sandbox$/),
        },
      ],
      plans: [],
    });
    expect(await lookAtPlaybook('golive.yaml', 'sandbix', environment)).toMatchObject({
      diagnoses: [{ state: 'bad', detail: expect.stringContaining('Did you mean "sandbox"?') }],
    });
    expect(await lookAtPlaybook('/gone.yaml', undefined, environment)).toMatchObject({
      diagnoses: [{ state: 'bad', detail: expect.stringContaining("can't be read (ENOENT)") }],
    });
  });

  test('a service is only read, and what is wrong with it is told without secrets', async () => {
    service.answer = (request, response) => {
      if (request.url === '/health') response.end('{"version":"RC.2"}');
      else response.writeHead(request.url === '/ready' ? 503 : 401).end('{"code":"NO","said":"hunter-two"}');
    };
    const quick = { ...plan, checks: plan.checks.filter(({ kind }) => kind === 'probe') };
    const all = await lookAtService(quick, environment);
    const states = Object.fromEntries(all.map(({ what, state: is }) => [what, is]));
    expect(states).toMatchObject({
      'sandbox: health': 'ok',
      'sandbox: ready': 'bad',
      'sandbox: live version': 'ok',
      'sandbox: contract login': 'bad',
      'sandbox: canary': 'ok',
      'service of sandbox': 'ok',
    });
    expect(JSON.stringify(all)).not.toContain('hunter-two');
    const posts = service.requests.filter(({ method }) => method !== 'GET').map(({ url }) => url);
    expect(new Set(posts)).toEqual(new Set(['/aris3/auth/login']));
  });

  test('a metric that the service lacks is bad, with what is missing', async () => {
    service.answer = (request, response) =>
      request.url === '/discovery'
        ? response.end(JSON.stringify([{ targets: [service.url.replace('http://', '')] }]))
        : response.end('other_metric 1\n');
    const only = { ...plan, checks: plan.checks.filter(({ name }) => name === 'error-rate') };
    const all = await lookAtService(only, environment);
    expect(all.find(({ what }) => what === 'sandbox: error-rate')).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('has no metric'),
      cure: expect.stringContaining('docs/metrics.md'),
    });
  });

  test('a home: can be written to; one that is not there is no fault', async () => {
    const there = await lookAtLedger(homeAt(folder));
    expect(there.at(-1)).toMatchObject({ state: 'ok', detail: `${folder} can be written to, with hard links` });
    const away = await lookAtLedger(homeAt(join(folder, 'not', 'there')));
    expect(away.at(-1)).toMatchObject({ state: 'ok', detail: expect.stringContaining("isn't there yet") });
  });
});
