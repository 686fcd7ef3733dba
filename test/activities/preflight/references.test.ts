import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { referenceActivities } from '../../../src/activities/preflight/references.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { aris3Plan } from '../../support/scripted-world.js';

let lab: ActivityLab;
let artifacts: string;

beforeEach(async () => {
  const environment: Record<string, string> = {};
  lab = await ActivityLab.open(await aris3Plan(), environment);
  artifacts = join(lab.folder, 'artifacts');
  (lab.dependencies.environment as Record<string, string>)['OPS_ARTIFACTS_DIR'] = artifacts;
});
afterEach(() => lab.close());

const DAY = 86_400_000;
const timestamp = (age: number) => new Date(Date.now() - age).toISOString().replace(/[-:]|\.\d+/g, '');
const report = (status: string, age: number) =>
  JSON.stringify({
    timestamp: timestamp(age),
    restore_db_path: '/x.db',
    manifest_path: '/m.json',
    row_counts_match: true,
    status,
  });
const find = () => lab.run(referenceActivities(lab.dependencies).findDrillReport, { planHash: lab.planHash });

async function put(name: string, text: string | Buffer): Promise<void> {
  await mkdir(join(artifacts, name, '..'), { recursive: true });
  await writeFile(join(artifacts, name), text);
}

describe('a restore drill', () => {
  test('passes with a PASS report that is young enough, whatever its file is called', async () => {
    await put('pre_go_live/manifest.json', JSON.stringify({ timestamp: timestamp(0), schema_rev: 'x' }));
    await put('some report.json', report('PASS', DAY));
    expect(await find()).toEqual({ name: 'restore drill', state: 'pass', detail: 'some report.json: PASS, 24h old' });
  });

  test.each<[string, () => Promise<void>, string | RegExp]>([
    ['there is none', () => Promise.resolve(), 'no drill report in'],
    [
      'the newest one failed',
      async () => {
        await put('a.json', report('PASS', 2 * DAY));
        await put('b.json', report('FAIL', DAY));
      },
      'b.json: status FAIL',
    ],
    ['it is too old', () => put('a.json', report('PASS', 8 * DAY)), 'PASS, but 192h old; at most 168h is allowed'],
    ['it is of the future', () => put('a.json', report('PASS', -DAY)), 'a.json: its timestamp lies in the future'],
    [
      'the newest one failed before it had a database',
      async () => {
        await put('a.json', report('PASS', 2 * DAY));
        await put('b.json', report('FAIL', DAY).replace('"/x.db"', 'null'));
      },
      'b.json: status FAIL',
    ],
    [
      'the newest one does not say when it was',
      async () => {
        await put('a.json', report('PASS', DAY));
        await put('b.json', report('PASS', 0).replace(/"timestamp":"[^"]*"/, '"timestamp":"today 1"'));
      },
      "b.json: its timestamp can't be read",
    ],
    [
      'the newest one failed, in words that are no strict JSON',
      async () => {
        await put('a.json', report('PASS', 2 * DAY));
        await put('b.json', report('FAIL', DAY).replace('true', 'NaN'));
      },
      /^b\.json looks like a drill report and can't be read \(.*NaN.*\), and it is newer$/,
    ],
    [
      'the newest one is cut off',
      async () => {
        await put('a.json', report('PASS', 2 * DAY));
        await put('b.json', report('FAIL', DAY).slice(0, -10));
      },
      /^b\.json looks like a drill report and can't be read \(.*\), and it is newer$/,
    ],
    [
      'the newest one has a key twice',
      async () => {
        await put('a.json', report('PASS', 2 * DAY));
        await put('b.json', report('FAIL', DAY).replace('{', '{"status":"PASS",'));
      },
      "b.json looks like a drill report and can't be read (duplicate key",
    ],
    [
      'the newest one is UTF-16',
      async () => {
        await put('a.json', report('PASS', 2 * DAY));
        await put('b.json', Buffer.from(`\ufeff${report('FAIL', DAY)}`, 'utf16le'));
      },
      "b.json looks like a drill report and can't be read (it is not UTF-8",
    ],
    [
      'the newest one failed, behind a byte order mark',
      async () => {
        await put('a.json', report('PASS', 2 * DAY));
        await put('b.json', `\ufeff${report('FAIL', DAY)}`);
      },
      'b.json: status FAIL',
    ],
    [
      'the newest one failed and names no database at all',
      async () => {
        await put('a.json', report('PASS', 2 * DAY));
        await put('b.json', JSON.stringify({ status: 'FAIL', timestamp: timestamp(DAY), error: 'no space' }));
      },
      'b.json: status FAIL',
    ],
    ['it is half written', () => put('a.json', report('PASS', DAY).slice(0, -3)), 'no drill report in'],
  ])('fails when %s', async (_, prepare, words) => {
    await prepare();
    const finding = await find();
    expect(finding.state).toBe('fail');
    if (typeof words === 'string') expect(finding.detail).toContain(words);
    else expect(finding.detail).toMatch(words);
  });

  test('passes with files beside it that are older or no reports of a drill', async () => {
    await put('half.json', report('FAIL', 3 * DAY).slice(0, -10));
    const before = new Date(Date.now() - 3 * DAY);
    await utimes(join(artifacts, 'half.json'), before, before);
    await put('a.json', `\ufeff${report('PASS', DAY)}`);
    await put('other.json', '{"rows": NaN');
    await put('checks.json', JSON.stringify({ status: 'PASS', timestamp: timestamp(0) }));
    expect(await find()).toMatchObject({ state: 'pass', detail: 'a.json: PASS, 24h old' });
  });
});
