import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ruleActivities, ruleReadings } from '../../../src/activities/contracts/rules.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import type { Command, RuleCheck } from '../../../src/domain/plan/playbook.js';
import type { Shapes } from '../../../src/domain/contracts/shape.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { aris3Plan } from '../../support/scripted-world.js';
import { SmallService } from '../../support/small-service.js';

const PASSWORD = 'correct horse';
const STOCK = {
  meta: { page: 1 },
  rows: [{ sku: 'a', status: 'RFID', location_is_vendible: true }],
  totals: { total_units: 2, total_rfid: 1, total_pending: 1 },
};
const ANSWERS: Record<string, unknown> = {
  '/aris3/stock': STOCK,
  '/aris3/reports/overview': { meta: {}, totals: { net_sales: '0.00' } },
  '/aris3/exports': { rows: [] },
};

let service: SmallService;
let lab: ActivityLab;
let plan: Plan;
/** What the service accepts and answers; a test changes it. */
let valid: Set<string>;
let issued: number;
let answers: Record<string, unknown>;
/** Takes an answer over when it returns true. */
let instead: (request: IncomingMessage, response: ServerResponse) => boolean;

async function open(integrity?: Command): Promise<void> {
  plan = await aris3Plan((each) => ({
    ...each,
    environment: { ...each.environment, workingDirectory: '/', environment: {} },
    verify: { ...each.verify, integrity },
  }));
  lab = await ActivityLab.open(plan, { ARIS3_URL: service.url, ARIS3_USERNAME: 'ana', ARIS3_PASSWORD: PASSWORD });
}

beforeEach(async () => {
  service = await SmallService.open();
  [valid, issued, answers, instead] = [new Set(), 0, { ...ANSWERS }, () => false];
  service.answer = (request, response) => {
    if (instead(request, response)) return;
    const json = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    if (request.method === 'POST') {
      issued += 1;
      valid.add(`t${issued}`);
      return json(200, { access_token: `t${issued}` });
    }
    if (!valid.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
      return json(401, { code: 'INVALID_TOKEN', message: PASSWORD });
    return json(200, answers[request.url ?? '']);
  };
  await open();
});
afterEach(async () => {
  await lab.close();
  await service.close();
});

const look = async (baseline?: Shapes) => {
  const { findings, shapes } = await lab.run(ruleActivities(lab.dependencies).lookAtRules, {
    planHash: lab.planHash,
    values: { release: 'RC.3' },
    ...(baseline && { baseline }),
  });
  return {
    found: Object.fromEntries(findings.map(({ name, state, detail }) => [name, `${state}: ${detail}`])),
    shapes,
  };
};
const contracts: RuleCheck = { name: 'contracts', kind: 'contracts', every: 1_000, timeout: 2_000 };
const integrity: RuleCheck = { name: 'integrity', kind: 'integrity', every: 1_000, timeout: 2_000 };
const reader = () => {
  const read = ruleReadings(lab.dependencies);
  return (baseline?: Shapes, check = contracts, signal = new AbortController().signal) =>
    read({ plan, planHash: lab.planHash, check, target: 'service', values: {}, signal, ...(baseline && { baseline }) });
};
const answering =
  (status: number, body: string, when: (request: IncomingMessage) => boolean = () => true) =>
  (request: IncomingMessage, response: ServerResponse) => {
    if (!when(request)) return false;
    response.writeHead(status).end(body);
    return true;
  };
const isLogin = ({ method }: IncomingMessage) => method === 'POST';
const isStock = ({ url }: IncomingMessage) => url === '/aris3/stock';

describe('the contracts in a proof', () => {
  test('pass with a login, 200, the keys and the frozen rules, and tell their shapes', async () => {
    const { found, shapes } = await look();
    expect(found).toEqual({
      login: 'pass: /aris3/auth/login: 200',
      '/aris3/stock': 'pass: /aris3/stock: 200',
      '/aris3/reports/overview': 'pass: /aris3/reports/overview: 200',
      '/aris3/exports': 'pass: /aris3/exports: 200',
    });
    expect(shapes['/aris3/stock']?.fields?.['totals']?.fields?.['total_units']).toEqual({ is: ['number'] });
  });

  test('log in anew each time: a login that is broken by now must show', async () => {
    const activity = ruleActivities(lab.dependencies).lookAtRules;
    for (let times = 0; times < 2; times += 1) await lab.run(activity, { planHash: lab.planHash, values: {} });
    expect(issued).toBe(2);
  });

  test('fail with drift from the baseline, a broken rule and a missing key, each by name', async () => {
    const { shapes } = await look();
    answers['/aris3/stock'] = { ...STOCK, totals: { total_units: 3, total_rfid: 1, total_pending: 1 } };
    answers['/aris3/reports/overview'] = { meta: {}, totals: { net_sales: 0 } };
    answers['/aris3/exports'] = {};
    expect((await look(shapes)).found).toMatchObject({
      '/aris3/stock': 'fail: /aris3/stock: TOTAL 3 is not RFID 1 + PENDING 1',
      '/aris3/reports/overview': 'fail: /aris3/reports/overview: totals.net_sales was string, is number',
      '/aris3/exports': 'fail: /aris3/exports: it has no rows; rows is gone',
    });
  });

  test('without a login nothing passes, and no password is told', async () => {
    instead = answering(401, `{"code":"INVALID_CREDENTIALS","message":"${PASSWORD}"}`);
    const { found } = await look();
    expect(found['login']).toMatch(
      /^unknown: \/aris3\/auth\/login: the credentials were refused: 401 INVALID_CREDENTIALS\. Look at the user/,
    );
    expect(Object.values(found).every((finding) => finding.startsWith('unknown'))).toBe(true);
    expect(JSON.stringify(found)).not.toContain(PASSWORD);
    expect(service.requests).toHaveLength(1);
  });
});

describe('the token while watching', () => {
  test('is asked for once and kept', async () => {
    const read = reader();
    for (let times = 0; times < 3; times += 1) expect(await read()).toEqual({ kind: 'good', text: '3 contracts OK' });
    expect(issued).toBe(1);
  });

  test('is renewed once when it is too old, and the question asked again', async () => {
    const read = reader();
    await read();
    valid.clear();
    expect(await read()).toMatchObject({ kind: 'good' });
    expect(issued).toBe(2);
  });

  test("that was issued just now and is refused is the service's own contradiction", async () => {
    const read = reader();
    instead = answering(401, '{"code":"INVALID_TOKEN"}', (request) => !isLogin(request));
    expect(await read()).toEqual({
      kind: 'bad',
      text: expect.stringContaining('/aris3/stock: a token that was issued just now was refused: 401 INVALID_TOKEN'),
    });
    expect(issued).toBe(1);
  });

  test('renewed and refused again is the same, after one renewal', async () => {
    const read = reader();
    await read();
    instead = answering(401, '{"code":"INVALID_TOKEN"}', (request) => !isLogin(request));
    expect(await read()).toMatchObject({ kind: 'bad', text: expect.stringContaining('was refused') });
    expect(issued).toBe(2);
  });

  test("can't be renewed when the credentials are refused: nothing is known", async () => {
    const read = reader();
    await read();
    valid.clear();
    instead = answering(401, '{"code":"INVALID_CREDENTIALS"}', isLogin);
    expect(await read()).toEqual({
      kind: 'none',
      text: expect.stringContaining(
        'its token was refused, and /aris3/auth/login: the credentials were refused: 401 INVALID_CREDENTIALS',
      ),
    });
  });
});

describe('a reading of the contracts is', () => {
  test.each<[string, 'bad' | 'none', () => unknown, string]>([
    [
      'a wrong password',
      'none',
      () => (instead = answering(401, '{"code":"INVALID_CREDENTIALS"}', isLogin)),
      'the credentials were refused: 401 INVALID_CREDENTIALS',
    ],
    [
      'a user who is locked out',
      'none',
      () => (instead = answering(423, '', isLogin)),
      'the credentials were refused: 423',
    ],
    [
      'a login that has too much to do',
      'none',
      () => (instead = answering(429, '', isLogin)),
      "429, it doesn't want to be asked now",
    ],
    [
      'a password that has to be changed',
      'none',
      () => (instead = answering(200, '{"must_change_password": true}', isLogin)),
      'has to change the password',
    ],
    [
      'a login that hangs up',
      'none',
      () => (instead = (request) => isLogin(request) && void request.socket.destroy() === undefined),
      "/aris3/auth/login doesn't answer: ECONNRESET",
    ],
    ['a login that is down', 'bad', () => (instead = answering(500, 'oops', isLogin)), 'the login is down: 500'],
    [
      'a login that is gone',
      'bad',
      () => (instead = answering(404, '{"code":"NOT_FOUND"}', isLogin)),
      'the login is down: 404 NOT_FOUND',
    ],
    [
      'a login without a token',
      'bad',
      () => (instead = answering(200, '{"token":"t"}', isLogin)),
      '200 without an access_token',
    ],
    ['404', 'bad', () => (instead = answering(404, '', isStock)), '/aris3/stock: 404'],
    [
      '403',
      'bad',
      () => (instead = answering(403, '{"code":"PERMISSION_DENIED"}', isStock)),
      '/aris3/stock: 403 PERMISSION_DENIED',
    ],
    ['500 again and again', 'bad', () => (instead = answering(500, '', isStock)), '/aris3/stock: 500'],
    ['a redirect', 'bad', () => (instead = answering(302, '', isStock)), '/aris3/stock: 302'],
    [
      'no JSON',
      'bad',
      () => (instead = answering(200, '<html>', isStock)),
      '/aris3/stock: 200, but the answer is not JSON',
    ],
    [
      'no answer',
      'none',
      () => (instead = (request) => isStock(request) && void request.socket.destroy() === undefined),
      '/aris3/stock: ECONNRESET',
    ],
    [
      'too long an answer',
      'none',
      () => (instead = answering(200, `"${'x'.repeat(5 * 1024 * 1024)}"`, isStock)),
      'the answer is longer than',
    ],
    [
      'a broken frozen rule',
      'bad',
      () => (answers['/aris3/stock'] = { ...STOCK, rows: [{ status: 'IN_TRANSIT', location_is_vendible: true }] }),
      '1 IN_TRANSIT row is sellable',
    ],
  ])('%s: %s', async (_, kind, change, words) => {
    change();
    const reading = await reader()();
    expect(reading).toEqual({ kind, text: expect.stringContaining(words) });
    expect(JSON.stringify(reading)).not.toContain(PASSWORD);
  });

  test('good when only the first answer was a 500: one among thousands is no broken contract', async () => {
    let asked = 0;
    instead = (request, response) => isStock(request) && (asked += 1) === 1 && answering(500, '')(request, response);
    expect(await reader()()).toMatchObject({ kind: 'good' });
  });

  test('none when nobody answers in time', async () => {
    instead = () => true;
    expect(await reader()(undefined, { ...contracts, timeout: 100 })).toEqual({
      kind: 'none',
      text: expect.stringMatching(/doesn't answer: no answer within \d+ms/),
    });
  });

  test('bad rather than none', async () => {
    instead = (request, response) =>
      answering(404, '', isStock)(request, response) ||
      (request.url === '/aris3/exports' && void request.socket.destroy() === undefined);
    expect(await reader()()).toEqual({ kind: 'bad', text: '/aris3/stock: 404' });
  });

  test('bad when a field of the baseline is gone', async () => {
    const { shapes } = await look();
    answers['/aris3/stock'] = { ...STOCK, rows: [{ sku: 'a', status: 'RFID' }] };
    expect(await reader()(shapes)).toEqual({ kind: 'bad', text: '/aris3/stock: rows[].location_is_vendible is gone' });
    expect(await reader()()).toMatchObject({ kind: 'good' });
  });

  test('none when this worker lacks a variable', async () => {
    delete (lab.dependencies.environment as Record<string, string>)['ARIS3_PASSWORD'];
    expect(await reader()()).toEqual({
      kind: 'none',
      text: expect.stringContaining('needs the environment variable ARIS3_PASSWORD'),
    });
  });

  test('no reading when the look is broken off', async () => {
    const broken = new AbortController();
    instead = () => (broken.abort(new Error('nobody waits any more')), true);
    await expect(reader()(undefined, contracts, broken.signal)).rejects.toThrow('nobody waits any more');
  });
});

describe('the integrity command', () => {
  const printing = (script: string, deadline = 10_000): Command => ({
    run: ['sh', '-c', script],
    deadline,
    environment: {},
    workingDirectory: undefined,
  });
  const REPORT = (status: string) => JSON.stringify({ results: [{ name: 'stock invariants', status }] });

  test('is a finding of a proof', async () => {
    await lab.close();
    await open(printing(`echo '${REPORT('PASS')}'`));
    expect((await look()).found['integrity']).toBe('pass: 1 of 1 PASS');
  });

  test('that fails is a fail, with the secrets taken out', async () => {
    await lab.close();
    await open(
      printing(`echo '{"results":[{"name":"stock invariants","status":"FAIL","details":"${PASSWORD}"}]}'; exit 1`),
    );
    expect((await look()).found['integrity']).toBe('fail: stock invariants FAIL: [redacted]');
    expect(await reader()(undefined, integrity)).toEqual({ kind: 'bad', text: 'stock invariants FAIL: [redacted]' });
  });

  test('that crashes is unknown in a proof, and nothing while watching', async () => {
    await lab.close();
    await open(printing('echo "ModuleNotFoundError: no app" >&2; exit 1'));
    const words = 'the integrity command gave no result: exit 1 without a report: ModuleNotFoundError: no app';
    expect((await look()).found['integrity']).toBe(`unknown: ${words}`);
    expect(await reader()(undefined, integrity)).toEqual({ kind: 'none', text: words });
  });

  test("has the run's values and only the variables that commands have", async () => {
    (lab.dependencies.environment as Record<string, string>)['LEAK'] = 'x';
    await lab.close();
    await open({
      ...printing(''),
      run: [
        'sh',
        '-c',
        'echo "{\\"results\\":[{\\"name\\":\\"$1 ${LEAK:-none}\\",\\"status\\":\\"FAIL\\"}]}"; exit 1',
        'sh',
        '{release}',
      ],
    });
    expect((await look()).found['integrity']).toBe('fail: RC.3 none FAIL');
  });
});
