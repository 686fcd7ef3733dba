import { createHash } from 'node:crypto';
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { restoreActivities } from '../../../src/activities/rollback/restores.js';
import { approvalText } from '../../../src/domain/rollback/restore-approval.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { aris3Plan } from '../../support/scripted-world.js';
import { hasSshKeygen, HOW_TO_SSH, makeKey, sign, writeSigners } from '../../support/ssh-keys.js';
import { withRestore } from '../../support/with-restore.js';

let lab: ActivityLab;
let artifacts: string;

beforeEach(async () => {
  lab = await ActivityLab.open(await aris3Plan(withRestore({ signers: '${LEADS}' })), {});
  artifacts = join(lab.folder, 'artifacts');
  Object.assign(lab.dependencies.environment, {
    OPS_ARTIFACTS_DIR: artifacts,
    ARIS3_CHECKOUT: lab.folder,
    LEADS: join(lab.folder, 'leads'),
  });
  await put('monday/manifest.json', JSON.stringify({ timestamp: '20261123T083909Z', files: [] }));
});
afterEach(() => lab.close());

const at = (name: string) => join(artifacts, name);
async function put(name: string, text: string): Promise<string> {
  await mkdir(join(at(name), '..'), { recursive: true });
  await writeFile(at(name), text);
  return at(name);
}

describe('the backup', () => {
  const read = (manifest: string) =>
    lab.run(restoreActivities(lab.dependencies).readBackup, { planHash: lab.planHash, manifest });

  test('has the digest of its manifest and its own time', async () => {
    const text = JSON.stringify({ timestamp: '20261123T083909Z', files: [] });
    expect(await read(at('monday/manifest.json'))).toEqual({
      manifest: at('monday/manifest.json'),
      name: 'monday',
      sha256: createHash('sha256').update(text).digest('hex'),
      madeAt: '2026-11-23T08:39:09.000Z',
    });
    expect(await read('artifacts/monday/manifest.json')).toMatchObject({ name: 'monday' });
  });

  test('without a time of its own is as old as its file', async () => {
    await utimes(await put('odd/manifest.json', '{}'), 1_000_000, 1_000_000);
    expect(await read(at('odd/manifest.json'))).toMatchObject({ madeAt: '1970-01-12T13:46:40.000Z' });
  });

  test.each<[string, () => Promise<string>, string]>([
    ['is missing', () => Promise.resolve(at('nothing/manifest.json')), 'no such file'],
    [
      'lies elsewhere',
      async () => {
        await writeFile(join(lab.folder, 'manifest.json'), '{}');
        return join(lab.folder, 'manifest.json');
      },
      'is outside the artifacts folder',
    ],
    [
      'leads elsewhere',
      async () => {
        await writeFile(join(lab.folder, 'secret.json'), '{}');
        await symlink(join(lab.folder, 'secret.json'), at('link.json'));
        return at('link.json');
      },
      'is outside the artifacts folder',
    ],
    ['is no path', () => Promise.resolve('${HOME}/manifest.json'), 'is not a path'],
    ['is half written', () => put('half/manifest.json', '{"timestamp":'), 'JSON'],
    [
      'is a folder',
      async () => {
        await put('folder/x', '');
        return at('folder');
      },
      'is not a file',
    ],
    ['is null', () => put('null/manifest.json', 'null'), 'not a backup manifest'],
    ['is a list', () => put('list/manifest.json', '[]'), 'not a backup manifest'],
    ['is of no known time', () => put('odd/manifest.json', '{"timestamp":"monday 1"}'), "can't be read"],
    ['is of the future', () => put('odd/manifest.json', '{"timestamp":"20991123T083909Z"}'), 'lies in the future'],
    ['is too long', () => put('huge/manifest.json', ' '.repeat(17_000_000)), 'more than any manifest'],
  ])('that %s is not proposed, with why', async (_, prepare, why) => {
    expect(await read(await prepare())).toEqual({ unreadable: expect.stringContaining(why) as unknown });
  });
});

describe('the report of a restore drill', () => {
  const report = (more: object = {}) =>
    JSON.stringify({
      timestamp: '20261123T083910Z',
      restore_db_path: '/x.db',
      manifest_path: at('monday/manifest.json'),
      status: 'PASS',
      ...more,
    });
  const read = (printed: string, notBefore = '2026-11-23T08:39:10.700Z') =>
    lab.run(restoreActivities(lab.dependencies).readDrill, {
      planHash: lab.planHash,
      printed,
      manifest: at('monday/manifest.json'),
      notBefore,
    });

  test('passes with PASS about this very backup', async () => {
    expect(await read(await put('drill.json', report()))).toEqual({
      name: 'restore drill',
      state: 'pass',
      detail: `${at('drill.json')}: status PASS`,
    });
    expect(await read('artifacts/drill.json')).toMatchObject({ state: 'pass' });
  });

  test.each<[string, () => Promise<string>, string]>([
    ['says FAIL', () => put('drill.json', report({ status: 'FAIL' })), 'drill.json: status FAIL'],
    ['says something else', () => put('drill.json', report({ status: 'pass' })), 'status pass'],
    [
      'is about another backup',
      () => put('drill.json', report({ manifest_path: '/other/manifest.json' })),
      'is about another backup, /other/manifest.json',
    ],
    [
      'is of another drill',
      () => put('drill.json', report({ timestamp: '20261123T083909Z' })),
      'from before this drill',
    ],
    ['says PASS in another type', () => put('drill.json', report({ status: ['PASS'] })), 'status no text: object'],
    ['says both', () => put('drill.json', report().replace('{', '{"status":"FAIL",')), 'duplicate key'],
    ['is of no known time', () => put('drill.json', report({ timestamp: 7 })), 'a timestamp such as'],
    ['is no report', () => put('drill.json', '{"status":"PASS"}'), 'is not a drill report'],
    ['is half written', () => put('drill.json', report().slice(0, -4)), "can't be read"],
    ['is missing', () => Promise.resolve(at('nothing.json')), "can't be read"],
    [
      'lies elsewhere',
      async () => {
        await writeFile(join(lab.folder, 'drill.json'), report());
        return join(lab.folder, 'drill.json');
      },
      'outside the artifacts folder',
    ],
    ['was not printed', () => Promise.resolve(''), 'it printed no path'],
  ])('that %s is no pass', async (_, prepare, why) => {
    expect(await read(await prepare())).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining(why) as unknown,
    });
  });
});

if (!hasSshKeygen()) console.warn(HOW_TO_SSH);
(hasSshKeygen() ? describe : describe.skip)('a signed approval', () => {
  const LEA = 'Lea Moreau';
  const proposal = {
    workflowId: 'go-live-prod',
    runId: 'run-1',
    manifest: '/a/m.json',
    name: 'monday',
    sha256: 'a'.repeat(64),
    madeAt: '2026-11-23T08:39:09Z',
    until: '2026-11-23T12:39:09Z',
  };
  const text = approvalText(proposal, { by: LEA });
  let key: string;
  let other: string;
  beforeEach(async () => {
    [key, other] = await Promise.all([makeKey(lab.folder, 'lea'), makeKey(lab.folder, 'ivo')]);
    await writeSigners(join(lab.folder, 'leads'), [
      [LEA, key],
      ['Ivo', other],
    ]);
  });
  const verify = (signature: string, more: { by?: string; text?: string } = {}) =>
    lab.run(restoreActivities(lab.dependencies).verifyApproval, {
      planHash: lab.planHash,
      by: LEA,
      text,
      signature,
      ...more,
    });
  const wrong = {
    refused: expect.stringMatching(
      /^it is not Lea Moreau's signature over the approval of this very backup in this run \(ssh-keygen: /,
    ) as unknown,
  };

  test('counts when the lead has signed this very text', async () => {
    expect(await verify(await sign(key, text))).toEqual({});
  });

  test.each<[string, () => Promise<object>]>([
    ["by another lead's key", async () => verify(await sign(other, text))],
    ['by a key nobody knows', async () => verify(await sign(await makeKey(lab.folder, 'eve'), text))],
    ['for another purpose', async () => verify(await sign(key, text, 'file'))],
    [
      'for another run',
      async () => verify(await sign(key, approvalText({ ...proposal, runId: 'run-0' }, { by: LEA }))),
    ],
    [
      'for another environment',
      async () => verify(await sign(key, approvalText({ ...proposal, workflowId: 'go-live-staging' }, { by: LEA }))),
    ],
    [
      'for another backup',
      async () => verify(await sign(key, approvalText({ ...proposal, sha256: 'b'.repeat(64) }, { by: LEA }))),
    ],
    [
      'with another time',
      async () => verify(await sign(key, approvalText(proposal, { by: LEA, expires: '2026-11-23T10:00:00Z' }))),
    ],
    [
      'altered',
      async () =>
        verify((await sign(key, text)).replace(/\n(.)/, (_, letter: string) => `\n${letter === 'A' ? 'B' : 'A'}`)),
    ],
    ['that is no signature', () => verify('yes, please')],
  ])('does not count %s', async (_, attempt) => {
    expect(await attempt()).toEqual(wrong);
  });

  test("does not count under another name than its key's", async () => {
    expect(
      await verify(await sign(key, approvalText(proposal, { by: 'Ivo' })), {
        by: 'Ivo',
        text: approvalText(proposal, { by: 'Ivo' }),
      }),
    ).toEqual({ refused: expect.stringContaining("it is not Ivo's signature") as unknown });
  });

  test("does not count when the signers can't be read", async () => {
    Object.assign(lab.dependencies.environment, { LEADS: join(lab.folder, 'nowhere') });
    expect(await verify(await sign(key, text))).toEqual({
      refused: expect.stringContaining("the allowed signers can't be read on this host") as unknown,
    });
  });

  test('does not count when there is no ssh-keygen', async () => {
    const signature = await sign(key, text);
    Object.assign(lab.dependencies.environment, { PATH: lab.folder });
    expect(await verify(signature)).toEqual({
      refused: expect.stringContaining("ssh-keygen can't be run on this host") as unknown,
    });
  });
});
