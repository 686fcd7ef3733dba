import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { proofActivities } from '../../../src/activities/preflight/proofs.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { aris3Plan } from '../../support/scripted-world.js';
import { SmallService } from '../../support/small-service.js';

let service: SmallService;
let canary: SmallService;
let lab: ActivityLab;

beforeEach(async () => {
  [service, canary] = await Promise.all([SmallService.open(), SmallService.open()]);
  const plan = await aris3Plan((each) => ({
    ...each,
    checks: each.checks.map((check) => ({ ...check, every: 10 })),
    stages: each.stages.map((stage) => ({ ...stage, answersWithin: 200 })),
  }));
  lab = await ActivityLab.open(plan, {
    ARIS3_URL: `${service.url}/`,
    ARIS3_CANARY_URL: canary.url,
    ARIS3_USERNAME: 'ana',
    ARIS3_PASSWORD: 'correct horse',
  });
});
afterEach(async () => {
  await lab.close();
  await Promise.all([service.close(), canary.close()]);
});

const versions = (...names: (string | number)[]) => {
  let next = 0;
  return (_: unknown, response: { writeHead(status: number): { end(body?: string): void } }) => {
    const name = names[next % names.length] as string | number;
    next += 1;
    if (typeof name === 'number') response.writeHead(name).end('{}');
    else response.writeHead(200).end(JSON.stringify({ version: name }));
  };
};

describe('the live version', () => {
  const prove = () =>
    lab.run(proofActivities(lab.dependencies, lab.read).proveLiveVersion, {
      planHash: lab.planHash,
      release: 'RC.3',
      withinMs: 0,
    });

  test('is proven when every one of 30 connections says so', async () => {
    service.answer = versions('RC.3');
    expect(await prove()).toEqual({
      name: 'live version',
      state: 'pass',
      detail: 'RC.3 ×30 on 30 fresh connections, expected RC.3',
    });
    expect(service.requests).toHaveLength(30);
  });

  test.each([
    ['one instance of thirty is another release', [...Array<string>(29).fill('RC.3'), 'RC.2'], 'RC.2 ×1'],
    ['one answer is no 200', [...Array<string>(29).fill('RC.3'), 503], 'no version (status 503) ×1'],
  ])('is not when %s', async (_, names, words) => {
    service.answer = versions(...names);
    const finding = await prove();
    expect(finding.state).toBe('fail');
    expect(finding.detail).toContain(words);
  });

  test('is not when there is no version in the answer', async () => {
    service.answer = (_, response) => response.end('null');
    expect((await prove()).state).toBe('fail');
  });
});

describe('the probes', () => {
  const look = async () =>
    (await lab.run(proofActivities(lab.dependencies, lab.read).lookAtChecks, { planHash: lab.planHash })).find(
      ({ name }) => name === 'health',
    );
  const health = (...statuses: number[]) => {
    let next = 0;
    service.answer = (request, response) =>
      void response.writeHead(request.url === '/health' ? (statuses[next++] ?? 200) : 200).end('{}');
  };

  // Playbook §4: "non-200 for > 2 consecutive checks".
  test('fail with the third answer in a row that is not 200', async () => {
    health(503, 503, 200);
    expect(await look()).toMatchObject({ state: 'pass' });
    health(503, 503, 503);
    expect(await look()).toMatchObject({ state: 'fail', detail: expect.stringContaining('/health: 503') as unknown });
  });
});

describe('a stage counts as deployed', () => {
  const answers = (stage: string) =>
    lab.run(proofActivities(lab.dependencies, lab.read).awaitRelease, {
      planHash: lab.planHash,
      stage,
      release: 'RC.3',
    });

  test('when its release answers on its own target', async () => {
    canary.answer = versions('RC.3');
    expect((await answers('canary')).state).toBe('pass');
  });

  test('not when only the service shows it', async () => {
    service.answer = versions('RC.3');
    canary.answer = versions('RC.2');
    expect(await answers('canary')).toMatchObject({ state: 'fail', detail: 'RC.2 ×1 at canary, expected RC.3' });
  });

  test('without a target of its own, when the service shows it at all', async () => {
    service.answer = versions('RC.2', 'RC.2', 'RC.3');
    expect((await answers('rolling-25')).state).toBe('pass');
    service.answer = versions('RC.2');
    expect((await answers('rolling-25')).state).toBe('fail');
  });
});
