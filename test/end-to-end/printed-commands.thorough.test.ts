import { symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { GOLIVE, TerminalSession } from '../cli/terminal-session.js';
import { EndToEnd } from '../support/end-to-end.js';
import type { GoLiveRun } from '../support/go-live-run.js';
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

/** How long a command may take. */
const PATIENCE_MS = 30_000;
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

  async #until(isSo: (shell: TerminalSession) => boolean): Promise<void> {
    const waiting = new AbortController();
    const late = pause(PATIENCE_MS, undefined, { signal: waiting.signal }).then(
      () => Promise.reject(new Error(`still on the screen:\n${this.shell.lines.filter(Boolean).join('\n')}`)),
      () => undefined,
    );
    await Promise.race([this.shell.until(isSo), late]);
    waiting.abort();
  }

  /** Pastes a command as it stands, says why when it is asked, and Ctrl-C to what would go on for ever. It must have been understood. */
  async paste(command: string, effective = false): Promise<void> {
    const { shell } = this;
    shell.press('clear\n');
    await this.#until(({ lines }) => lines.filter(Boolean).length === 1);
    shell.press(`${command}\n`);
    const asked = () => /^Why\?/.test(shell.lines.filter(Boolean).at(-1) ?? '');
    const back = () => shell.lines.filter(Boolean).length > 1 && shell.lines.filter(Boolean).at(-1)?.trim() === '$';
    if (ENDLESS.test(command)) {
      await this.#until(({ lines }) => lines.filter(Boolean).length > 2);
      shell.press('\u0003');
    }
    await this.#until(() => asked() || back());
    if (asked()) {
      shell.press('as the playbook says\n');
      await this.#until(back);
    }
    const [seen] = [shell.lines.join('\n')];
    shell.press('echo "it ended with $?"\n');
    await this.#until(({ text }) => /it ended with \d+/.test(text));
    const exitCode = Number(/it ended with (\d+)/.exec(shell.text)?.[1]);
    this.done.set(command, exitCode);
    if (NOT_UNDERSTOOD.includes(exitCode) || (effective && exitCode !== 0))
      throw new Error(`${command}\nended with ${exitCode}:\n${seen}`);
  }
}

/** Gathers what golive offers on every surface, now. */
async function look(run: GoLiveRun, printed: Set<string>): Promise<void> {
  const asked = [
    ...[['list'], ['plan', 'sandbox'], ['doctor'], ['status', 'nowhere'], ['report', 'sandbox', '--markdown']],
    ...['status', 'history', 'logs', 'decide'].map((word) => [word, 'sandbox']),
  ];
  const said = [
    ...(await Promise.all(asked.map((words) => site.operator(...words)))).map(
      ({ stdout, stderr }) => `${stdout}\n${stderr}`,
    ),
    ...(await site.announcements()).map(({ text }) => text),
    (await run.handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails ?? '',
  ];
  for (const command of said.flatMap(offeredCommands)) printed.add(command);
}

/** The first that is offered like that. */
function offered(printed: Set<string>, words: RegExp): string {
  const found = [...printed].find((command) => words.test(command));
  if (!found) throw new Error(`no command like ${String(words)} was printed, only:\n${[...printed].join('\n')}`);
  return found;
}

test('each command that golive prints along a run is executed as it stands', async () => {
  await site.playbook((playbook) => {
    stageOf(playbook, 'canary').soak = { min: '5m', max: '10m', settle: '1m' };
    const drill = { run: 'python scripts/ops/backup_restore_verify.py {manifest}' };
    playbook.rollback.restore = { leads: ['Lea'], askFor: '5m', drill };
  });
  const operator = await Operator.at(site);
  const printed = new Set<string>();

  const broken = await site.goLive([{ way: 'smoke-crashes' }], { decisionOwner: 'Lea', attestations: {} });
  await broken.untilHold('attest-restore-drill');
  await look(broken, printed);
  for (const item of ['restore-drill', 'staging-parity', 'open-incidents', 'frozen-rules'])
    await operator.paste(offered(printed, new RegExp(`--hold attest-${item} --choice confirm`)), true);
  await broken.untilPhase('soaking', 'canary');
  await look(broken, printed);
  await site.operator('pause', 'sandbox', '--by', 'Ana', '--reason', 'lunch');
  await look(broken, printed);
  await operator.paste(offered(printed, /^golive resume /), true);
  await site.operator('abort', 'sandbox', '--by', 'Ana', '--reason', 'orders are odd');
  expect((await broken.result()).outcome).toBe('rolled-back');
  await look(broken, printed);

  const run = await site.goLive();
  await run.untilPhase('soaking', 'canary');
  await site.operator('abort', 'sandbox', '--by', 'Ana', '--reason', 'orders are corrupt', '--data-suspect');
  await run.untilHold('restore');
  await look(run, printed);
  await operator.paste(offered(printed, /^golive restore .*--decline/), true);
  expect((await run.result()).outcome).toBe('rolled-back');
  await look(run, printed);

  // What was not to be done then is done now: it finds the go-live and says that it has ended, or shows it, or begins the next run.
  for (const command of printed) if (!operator.done.has(command)) await operator.paste(command);
  expect([...operator.done.keys()].sort()).toEqual([...printed].sort());
});
