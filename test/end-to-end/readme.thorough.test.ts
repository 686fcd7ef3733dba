import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { TerminalSession } from '../cli/terminal-session.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const MINUTES = 60_000;

let folder: string;
const terminals: TerminalSession[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'golive-readme-'));
  // The project as it is after npm ci and the build; npx would first link the project itself into its cache.
  for (const each of ['dist', 'golive.yaml']) await symlink(path.join(root, each), path.join(folder, each));
  await mkdir(path.join(folder, 'node_modules/.bin'), { recursive: true });
  await symlink(path.join(root, 'dist/src/cli/main.js'), path.join(folder, 'node_modules/.bin/golive'));
});
afterEach(async () => {
  for (const terminal of terminals.splice(0).reverse()) {
    terminal.press('\u0003');
    await terminal.until(({ text }) => /\$ *$/.test(text));
    await terminal.end();
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A person's terminal in that folder, who is Ana to git. What is typed before the shell asks for it can be lost. */
async function terminal(): Promise<Typing> {
  const session = new TerminalSession('--norc', ['--noprofile'], {
    columns: 120,
    rows: 40,
    program: 'bash',
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PS1: '$ ',
      GOLIVE_COMMAND: '',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.name',
      GIT_CONFIG_VALUE_0: 'Ana',
    },
  });
  terminals.push(session);
  let typed = 0;
  await session.shows('$');
  session.press(`cd '${folder}'; clear\n`);
  await session.until(({ text }) => text.trim() === '$');
  return {
    session,
    type: (line) => session.press(`clear; ${line}\n`),
    run: async (line, meanwhile) => {
      typed += 1;
      session.press(`clear; ${line}; echo "line ${typed} ended with $?."\n`);
      await meanwhile?.(session);
      await session.until(({ text }) => new RegExp(`line ${typed} ended with \\d+\\. \\$ *$`).test(text));
      return { text: session.text, exitCode: Number(/ended with (\d+)\./.exec(session.text)?.[1]) };
    },
  };
}

interface Typing {
  readonly session: TerminalSession;
  readonly type: (line: string) => void;
  readonly run: (
    line: string,
    meanwhile?: (session: TerminalSession) => Promise<void>,
  ) => Promise<{ text: string; exitCode: number }>;
}

test(
  'what README says to try by hand works from top to bottom, as it stands',
  async () => {
    const readme = await readFile(path.join(root, 'README.md'), 'utf8');
    const [, tryIt = ''] = /^## Try it by hand\n([^]*?)^\| command /m.exec(readme) ?? [];
    const blocks = [...tryIt.matchAll(/^```bash\n([^]*?)^```/gm)].map(([, block = '']) =>
      block
        .replace(/ *\\\n */g, ' ')
        .trim()
        .split('\n')
        .map((line) => line.replace(/ {2,}#.*$/, '')),
    );
    expect(blocks).toHaveLength(5);
    const [first = [], second = [], ...rest] = blocks;
    expect(first).toEqual(['npm ci', 'npm run sandbox']);
    // Without the build, for other tests use what is built.
    const { scripts } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
      scripts: { sandbox: string };
    };
    const sandbox = await terminal();
    sandbox.type(scripts.sandbox.split(' && ').at(-1) ?? '');
    await sandbox.session.shows('RC.2');
    const up = await terminal();
    for (const line of second.slice(0, -1)) await up.run(line);
    up.type(second.at(-1) ?? '');
    await up.session.shows('golive is up.');
    const person = await terminal();
    for (const line of rest.flat()) {
      const watches = / watch |--watch/.test(line);
      const ended = await person.run(line, watches ? untilOver : undefined);
      expect(`${line}: ${ended.exitCode}`).toBe(`${line}: ${line.includes('RC.4') && watches ? 12 : 0}`);
    }
  },
  10 * MINUTES,
);

/** Watches until the go-live has ended, and quits. */
async function untilOver(session: TerminalSession): Promise<void> {
  await session.until(({ text, isAlternate }) => isAlternate && /COMPLETED:|ROLLED-BACK:/.test(text));
  session.press('q');
}
