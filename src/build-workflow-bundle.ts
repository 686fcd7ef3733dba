import { createHash } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '@temporalio/worker';
import { payloadConverterPath } from './temporal/data-converter.js';
import { workflowBundlePath } from './workflow-bundle.js';

const here = path.dirname(workflowBundlePath);
/**
 * Loaded once for all workflows of a worker, and frozen: no module of golive, nor of what it uses, keeps anything of a run (test/workflow-bundle.test.ts). A go-live then
 * takes the memory of its own state, not of all its code again.
 */
const [workflows, interceptors] = [path.join(here, 'workflows/index.js'), path.join(here, 'workflows/interceptors.js')];
/** Beside the bundle: what it was made of. */
const recipePath = path.join(here, 'workflow-bundle.inputs.json');

/** The digests of a bundle and of every file that was read for it, by its path from here: golive's own, its dependencies', this one. */
interface Recipe {
  readonly bundle: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** Builds the bundle, unless the one that is there was built from the same files. */
async function build(): Promise<void> {
  if (await isCurrent()) return;
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker'); // loads webpack
  const read = new Set([fileURLToPath(import.meta.url)]);
  const { code } = await bundleWorkflowCode({
    workflowsPath: workflows,
    payloadConverterPath,
    workflowInterceptorModules: [interceptors],
    preloadModules: [workflows, interceptors],
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: notingFiles(read),
  });
  const inputs = await Promise.all(
    [...read].sort().map(async (file) => [path.relative(here, file), await digestOf(file)]),
  );
  const recipe = {
    bundle: digest(code),
    inputs: Object.fromEntries(inputs.filter(([, made]) => made !== undefined)) as Recipe['inputs'],
  };
  await replace(workflowBundlePath, code);
  await replace(recipePath, JSON.stringify(recipe, undefined, 1));
}

async function isCurrent(): Promise<boolean> {
  const text = await readFile(recipePath, 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  const { bundle, inputs } = JSON.parse(text) as Recipe;
  const files = [
    [workflowBundlePath, bundle] as const,
    ...Object.entries(inputs).map(([file, made]) => [path.join(here, file), made] as const),
  ];
  const same = await Promise.all(files.map(async ([file, made]) => (await digestOf(file)) === made));
  return same.every(Boolean);
}

/** Notes each file that webpack looks at. */
function notingFiles(read: Set<string>): NonNullable<BundleOptions['webpackConfigHook']> {
  return (config) => ({
    ...config,
    plugins: [
      ...(config.plugins ?? []),
      {
        apply(compiler) {
          compiler.hooks.done.tap('golive', ({ compilation }) => {
            for (const file of compilation.fileDependencies) read.add(file);
          });
        },
      },
    ],
  });
}

/** Undefined for what is no file: a folder that was looked into, the entry that lives in memory only. */
async function digestOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? digest(await readFile(file)) : undefined;
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

await build();
