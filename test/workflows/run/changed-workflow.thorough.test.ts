import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { OpenReplay } from '../../../sandbox/open-replay.js';
import { quiet } from '../../support/quiet.js';
import { recordedHistory } from '../../support/recorded-histories.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const COMPLETED = '0.1.0/completed.binpb';
/** Where the next version of golive does something more. */
const PLACE = "run.enter({ is: 'verifying' });";

let folder: string;
beforeAll(async () => {
  quiet();
  folder = await mkdtemp(path.join(tmpdir(), 'changed-workflow-'));
  await mkdir(path.join(folder, 'dist'));
  await cp(path.join(root, 'dist/src'), path.join(folder, 'dist/src'), { recursive: true });
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Replays what a go-live of 0.1.0 has left with a workflow that has this statement before its verification. */
async function replayWith(statement: string): Promise<void> {
  const src = path.join(folder, 'dist/src');
  const file = path.join(src, 'workflows/phases/verify.js');
  const original = await readFile(path.join(root, 'dist/src/workflows/phases/verify.js'), 'utf8');
  expect(original).toContain(PLACE);
  const workflow = original.replace(PLACE, `${statement} ${PLACE}`);
  await writeFile(file, `import { patched, sleep } from '@temporalio/workflow';\n${workflow}`);
  const [workflows, interceptors] = [path.join(src, 'workflows/index.js'), path.join(src, 'workflows/interceptors.js')];
  const { code } = await bundleWorkflowCode({
    workflowsPath: workflows,
    payloadConverterPath: path.join(src, 'temporal/payload-converter.cjs'),
    workflowInterceptorModules: [interceptors],
    preloadModules: [workflows, interceptors],
    logger: new DefaultLogger('WARN'),
  });
  const bundle = path.join(folder, 'bundle.js');
  await writeFile(bundle, code);
  const history = await recordedHistory(COMPLETED);
  const { workflowId } = history.events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
  const replay = new OpenReplay(bundle);
  try {
    await replay.of({ workflowId: workflowId ?? '', history });
  } finally {
    await replay.close();
  }
}

test('a change of what a workflow schedules breaks the go-lives under way', async () => {
  await expect(replayWith('await sleep(1000);')).rejects.toThrow(/TMPRL1100|Nondeterminism/);
});

test('the same change behind patched() leaves them as they are', async () => {
  await replayWith("if (patched('a moment before the verification')) await sleep(1000);");
});
