import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox.js';
import { MetricReadings } from '../../../src/activities/metrics/metric-readings.js';
import { breaches, type Reading } from '../../../src/domain/watching/reading.js';
import { isExternal } from '../../../src/domain/plan/playbook/trigger.js';
import { httpJson } from '../../../sandbox/http-json.js';
import { freshDirectory } from '../../sandbox/fresh-directory.js';
import { metricLook } from '../../support/metric-look.js';
import { thorough } from '../../support/thorough.js';

/** The sandbox as golive.yaml has it: its own metrics, checks and triggers, scraped from the instances that the agent lists. */
const written = parse(readFileSync('golive.yaml', 'utf8')) as {
  metrics: object;
  checks: { name: string }[];
  triggers: { check?: string }[];
};
let sandbox: Sandbox;
let readings: MetricReadings;
beforeAll(async () => {
  sandbox = await startSandbox({ dir: await freshDirectory(), instances: 8, traffic: 40, warmUpMs: 1_000 });
  readings = new MetricReadings(sandbox.environment());
});
afterAll(() => sandbox?.stop());

function lookAt(name: string, target: string) {
  const check = written.checks.find((each) => each.name === name) ?? {};
  const triggers = written.triggers.filter((each) => each.check === name).map((each) => ({ ...each, check: 'metric' }));
  return metricLook(
    {
      metrics: written.metrics,
      check: { ...check, name: 'metric', every: '200ms' },
      triggers,
      url: sandbox.info.url,
      canary: { url: sandbox.info.canaryUrl },
    },
    { target, planHash: 'sha256:sandbox' },
  );
}
const read = (name: string, target = 'service') => readings.read(lookAt(name, target));
async function until(name: string, target: string, isSo: (reading: Reading) => boolean): Promise<Reading> {
  for (let tries = 0; tries < 120; tries += 1) {
    const reading = await read(name, target);
    if (isSo(reading)) return reading;
    await pause(100);
  }
  throw new Error(`the last reading of ${name} was ${JSON.stringify(await read(name, target))}`);
}
/** Whether the trigger of that check says yes. */
function breached(name: string, reading: Reading): boolean {
  const [trigger] = lookAt(name, 'service').plan.triggers;
  return trigger !== undefined && !isExternal(trigger) && breaches(trigger, reading) === true;
}

test('the agent lists the instances that serve, as an HTTP service discovery does', async () => {
  const { body } = await httpJson(sandbox.info.discoveryUrl);
  expect(body).toHaveLength(8);
  expect((body as object[])[0]).toEqual({
    targets: [expect.stringMatching(/^127\.0\.0\.1:\d+$/)],
    labels: { release: 'RC.2', slot: '0' },
  });
});

test('a good release is inside every guardrail, wholly seen', async () => {
  for (const name of ['error-rate', 'p95', 'checkout', 'transfers', 'invariants']) {
    const reading = await until(name, 'service', (each) => each.kind === 'value' && !each.inPart);
    expect({ name, ...reading }).toMatchObject({
      value: name === 'p95' ? (expect.any(Number) as unknown) : name === 'checkout' || name === 'transfers' ? 1 : 0,
    });
  }
});

thorough('every way to be bad that metrics show breaches its trigger at the canary', async () => {
  await sandbox.offer('RC.3', [{ way: 'error-rate', share: 0.2 }]);
  await sandbox.replace(0, 'RC.3');
  await until('error-rate', 'canary', (reading) => breached('error-rate', reading));
  await until('checkout', 'canary', (reading) => breached('checkout', reading));
  await sandbox.setReleaseBad('RC.3', [{ way: 'slow', addMs: 600 }]);
  await until('p95', 'canary', (reading) => breached('p95', reading));
  await sandbox.setReleaseBad('RC.3', [{ way: 'stock-drift' }]);
  await until('invariants', 'canary', (reading) => breached('invariants', reading));
  await sandbox.setReleaseBad('RC.3', []);
  await until('error-rate', 'canary', (reading) => reading.kind === 'value' && reading.value === 0);
  // Nobody looked at the whole service meanwhile: the violation is in its history until a window has passed.
  await until('invariants', 'service', (reading) => reading.kind === 'value' && reading.value === 0);
});

thorough('the warm-up of a rolling restart breaches no trigger, and each instance is seen again', async () => {
  const seen: { name: string; reading: Reading }[] = [];
  let restarting = true;
  const restarts = (async () => {
    for (let slot = 0; slot < 8; slot += 1) await sandbox.replace(slot, 'RC.4');
    await pause(1_500);
    restarting = false;
  })();
  await sandbox.offer('RC.4');
  while (restarting) {
    for (const name of ['error-rate', 'p95', 'checkout', 'transfers', 'invariants'])
      seen.push({ name, reading: await read(name) });
    await pause(100);
  }
  await restarts;
  expect(seen.filter(({ name, reading }) => breached(name, reading))).toEqual([]);
  expect(seen.filter(({ reading }) => reading.kind === 'value').length).toBeGreaterThan(seen.length / 2);
  expect(
    await until('p95', 'service', (reading) => reading.kind === 'value' && reading.value < 350 && !reading.inPart),
  ).toBeDefined();
});

test('a fleet that is gone is none', async () => {
  await sandbox.stop();
  for (const target of ['service', 'canary']) await until('error-rate', target, ({ kind }) => kind === 'none');
});
