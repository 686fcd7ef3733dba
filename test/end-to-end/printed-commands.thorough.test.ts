import { symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { GOLIVE, TerminalSession } from '../cli/terminal-session.js';
import { EndToEnd } from '../support/end-to-end.js';
import { offeredCommands } from '../support/printed-commands.js';
import { stageOf } from '../support/quick-playbook.js';

let site: EndToEnd;
let terminal: TerminalSession | undefined;
beforeAll(async () => void (site = await EndToEnd.start()));
afterEach(async () => {
  await terminal?.end();
  await site.endLeftRun();
});
afterAll(() => site?.stop());

/** They go on until they are told to stop. */
const ENDLESS = /^golive (?:follow|receive|up|watch|worker)\b|^golive logs\b.* (?:-f|--follow)\b/;
/** Exit codes that only golive's words or a wrong command lead to: it did not work, or it was not understood. */
const NOT_UNDERSTOOD = [1, 2, 126, 127];

/** One terminal of an operator, in which golive is on the PATH and finds home and server as it does where the commands were printed. */
class Operator {
  readonly done = new Map<string, number>();

  constructor(readonly shell: TerminalSession) {}

  static async at({ directory: folder, cli, home, address }: EndToEnd): Promise<Operator> {
    await symlink(GOLIVE, join(folder, 'golive'));
    const env = {
      PATH: [folder, dirname(cli), process.env['PATH']].join(delimiter),
      HOME: folder,
      PS1: '$ ',
      GOLIVE_COMMAND: '',
      GOLIVE_HOME: home.folder,
      TEMPORAL_ADDRESS: address,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.name',
      GIT_CONFIG_VALUE_0: 'Lea',
    };
    terminal = new TerminalSession('--norc', ['--noprofile'], { columns: 250, rows: 60, env, program: 'bash' });
    await terminal.shows('$');
    return new Operator(terminal);
  }

  /** Pastes a command as it stands, says why when it is asked, and Ctrl-C to what would go on for ever. @returns its exit code */
  async paste(command: string): Promise<number> {
    const { shell } = this;
    shell.press('clear\n');
    await shell.until(({ lines }) => lines.filter(Boolean).length === 1);
    shell.press(`${command}\n`);
    const asked = () => /(?:Why|reason)[^.]*\?\s*$/i.test(shell.lines.filter(Boolean).at(-1) ?? '');
    const back = () => shell.lines.filter(Boolean).length > 1 && shell.lines.filter(Boolean).at(-1)?.trim() === '$';
    if (ENDLESS.test(command)) {
      await shell.until(({ lines }) => lines.filter(Boolean).length > 2);
      shell.press('\u0003');
    }
    await shell.until(() => asked() || back());
    if (asked()) {
      shell.press('as the playbook says\n');
      await shell.until(back);
    }
    const [seen] = [shell.lines.join('\n')];
    shell.press('echo "it ended with $?"\n');
    await shell.until(({ text }) => /it ended with \d+/.test(text));
    const exitCode = Number(/it ended with (\d+)/.exec(shell.text)?.[1]);
    this.done.set(command, exitCode);
    if (NOT_UNDERSTOOD.includes(exitCode)) throw new Error(`${command}\nended with ${exitCode}:\n${seen}`);
    return exitCode;
  }
}

test('each command that golive prints along a run is executed as it stands', async () => {
  await site.playbook((playbook) => {
    stageOf(playbook, 'canary').soak = { min: '5m', max: '10m', settle: '1m' };
    playbook.rollback.restore = {
      leads: ['Lea'],
      askFor: '5m',
      drill: { run: 'python scripts/ops/backup_restore_verify.py {manifest}' },
    };
  });
  const run = await site.goLive();
  const operator = await Operator.at(site);
  const printed = new Set<string>();
  /** What every surface says now. */
  const look = async () => {
    const said = await Promise.all([
      ...[
        ['status', 'sandbox'],
        ['list'],
        ['history', 'sandbox'],
        ['logs', 'sandbox'],
        ['doctor'],
        ['plan', 'sandbox'],
      ].map((words) => site.operator(...words).then(({ stdout, stderr }) => `${stdout}\n${stderr}`)),
      site.operator('report', 'sandbox', '--markdown').then(({ stdout, stderr }) => `${stdout}\n${stderr}`),
      site.announcements().then((all) => all.map(({ text }) => text).join('\n')),
      run.handle
        .query<{ currentDetails?: string }>('__temporal_workflow_metadata')
        .then(({ currentDetails = '' }) => currentDetails),
    ]);
    for (const command of said.flatMap(offeredCommands)) printed.add(command);
  };
  const printedLike = (words: RegExp) => {
    const found = [...printed].find((command) => words.test(command));
    if (!found) throw new Error(`no command like ${String(words)} was printed, only:\n${[...printed].join('\n')}`);
    return found;
  };

  await run.untilPhase('soaking', 'canary');
  await look();
  await site.operator('pause', 'sandbox', '--by', 'Ana', '--reason', 'lunch');
  await look();
  expect(await operator.paste(printedLike(/^golive resume /))).toBe(0);
  await site.operator('abort', 'sandbox', '--by', 'Ana', '--reason', 'orders are corrupt', '--data-suspect');
  await run.untilHold('restore');
  await look();
  expect(await operator.paste(printedLike(/^golive restore .*--decline/))).toBe(0);
  expect((await run.result()).outcome).toBe('rolled-back');
  await look();
  console.info([...printed].join('\n'));
  // What was not to be done then is done now: it finds the go-live and says that it has ended, or shows it.
  for (const command of printed) if (!operator.done.has(command)) await operator.paste(command);
  console.info([...operator.done].map(([command, code]) => `${code} ${command}`).join('\n'));
  expect([...operator.done.keys()].sort()).toEqual([...printed].sort());
});
