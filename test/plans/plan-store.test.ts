import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PlanMissing, PlanStore } from '../../src/plans/plan-store.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golive-plans-'));
  file = join(folder, 'golive.yaml');
  await writeFile(file, await readFile('golive.yaml', 'utf8'));
});
afterEach(() => rm(folder, { recursive: true }));

const store = () => new PlanStore(join(folder, 'plans'), file);

test('a frozen plan outlives an edit of the file', async () => {
  const { hash, plan } = await store().freeze('sandbox');
  await writeFile(file, (await readFile(file, 'utf8')).replace('for: 15s', 'for: 1m'));
  expect(await store().load(hash)).toEqual(plan);
  expect((await store().freeze('sandbox')).hash).not.toBe(hash);
});

test('comments and the order of keys change nothing, a number does', async () => {
  const { hash } = await store().freeze('sandbox');
  const text = await readFile(file, 'utf8');
  await writeFile(file, `# another comment\n${text.replace('min: 5s, max: 20s', 'max: 20s, min: 5s')}`);
  expect((await store().freeze('sandbox')).hash).toBe(hash);
});

test('the hash covers ${VAR} as it is written, and the file keeps no value of it', async () => {
  process.env['ARIS3_PASSWORD'] = 'correct horse';
  await store().freeze('sandbox');
  const [name] = await readdir(join(folder, 'plans'));
  expect(await readFile(join(folder, 'plans', name ?? ''), 'utf8')).toContain('${ARIS3_PASSWORD}');
});

test('a worker without the plan says so', async () => {
  const hash = `sha256:${'0'.repeat(64)}`;
  await expect(store().load(hash)).rejects.toThrow(PlanMissing);
  await expect(store().load('../../etc/passwd')).rejects.toThrow(PlanMissing);
});

test('a worker whose own file still gives the plan has it', async () => {
  const { hash } = await store().freeze('sandbox');
  expect(await new PlanStore(join(folder, 'other'), file).load(hash)).toBeDefined();
});

test('a plan somebody has altered is not the plan', async () => {
  const { hash } = await store().freeze('sandbox');
  const path = join(folder, 'plans', `${hash.replace(':', '-')}.json`);
  await writeFile(file, 'version: 2');
  await writeFile(path, (await readFile(path, 'utf8')).replace('--rollback', '--force'));
  await expect(store().load(hash)).rejects.toThrow(PlanMissing);
});

test('a kept plan is found by how its hash begins, and only an unaltered one', async () => {
  const { hash, plan } = await store().freeze('sandbox');
  const digits = hash.replace('sha256:', '');
  for (const beginning of [hash, digits, digits.slice(0, 12), `sha256:${digits.slice(0, 6)}`])
    expect(await store().keptAs(beginning)).toEqual([{ hash, plan }]);
  expect(await store().keptAs('../')).toEqual([]);
  expect(await new PlanStore(join(folder, 'nowhere'), file).keptAs(digits)).toEqual([]);
  await writeFile(join(folder, 'plans', `sha256-${digits}.json`), '{}');
  expect(await store().keptAs(digits)).toEqual([]);
});
