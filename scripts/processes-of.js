// Which processes belong to a piece of work that has a temporary folder of its own (TMPDIR): what it started, and whatever names the folder.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * One process.
 * @typedef {{ pid: number, parent: number, age: string, command: string, names(folder: string): boolean }} Row
 */

/** Where `/proc` shows what a process has open; elsewhere only its command line and environment are known. */
export const SEES_FILES = existsSync('/proc/self/environ');

/**
 * The descendants of this process, and all processes whose environment, command line, working folder or open files name the folder: a
 * daemon that was started with an empty environment still writes its log there.
 * @param {string} folder
 * @param {readonly number[]} besides processes that are left out, with all they have started
 * @returns {Row[]}
 */
export function processesOf(folder, besides = []) {
  const rows = SEES_FILES ? fromProc() : fromPs();
  const parents = new Map(rows.map((row) => [row.pid, row.parent]));
  const line = (pid) => {
    const pids = [];
    for (let one = pid; one > 1 && !pids.includes(one); one = parents.get(one) ?? 0) pids.push(one);
    return pids;
  };
  const own = line(process.pid);
  return rows.filter(({ pid, names }) => {
    const ancestors = line(pid);
    if (own.includes(pid) || ancestors.some((one) => besides.includes(one))) return false;
    return ancestors.includes(process.pid) || names(folder);
  });
}

/**
 * Ends processes until a look finds none: with TERM, after some seconds with KILL.
 * @param {() => readonly Row[]} look
 * @param {number} graceMs
 * @returns {Promise<readonly Row[]>} those that even KILL didn't end
 */
export async function endAll(look, graceMs) {
  const told = new Set();
  for (let waited = 0; ; waited += STEP_MS) {
    const rows = look();
    if (rows.length === 0 || waited > graceMs + AFTER_KILL_MS) return rows;
    for (const { pid } of rows) {
      if (waited >= graceMs) send(pid, 'SIGKILL');
      else if (!told.has(pid)) send(pid, 'SIGTERM');
      told.add(pid);
    }
    await pause(STEP_MS);
  }
}

const STEP_MS = 100;
const AFTER_KILL_MS = 5_000;

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone meanwhile.
  }
}

/** The kernel counts in hundredths of a second, whatever its clock. */
const TICKS = 100;

function fromProc() {
  const uptime = Number(read('/proc/uptime').split(' ')[0]);
  return readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : '';
    const [state, parent, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat === '' || state === 'Z' || state === 'X') return [];
    const [command, environment] = ['cmdline', 'environ'].map((file) => read(`/proc/${name}/${file}`));
    return [
      {
        pid: Number(name),
        parent: Number(parent),
        age: `${Math.round(uptime - Number(more[17]) / TICKS)} s`,
        command: command.replaceAll('\0', ' ').trim() || /\((.*)\)/s.exec(stat)[1],
        names: (folder) =>
          command.includes(folder) || environment.includes(folder) || files(name).some((file) => file.includes(folder)),
      },
    ];
  });
}

const files = (pid) => [
  link(`/proc/${pid}/cwd`),
  ...list(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`)),
];

/** A process that has gone meanwhile, or that we may not look at, shows nothing. */
const orNothing = (look, nothing) => (path) => {
  try {
    return look(path);
  } catch {
    return nothing;
  }
};
const read = orNothing((path) => readFileSync(path, 'latin1'), '');
const link = orNothing(readlinkSync, '');
const list = orNothing(readdirSync, []);

/** BSD's `-E` shows the environment behind the command; others want `e` without a dash. */
function fromPs() {
  const columns = ['pid=', 'ppid=', 'stat=', 'etime=', 'command='].flatMap((column) => ['-o', column]);
  const ps = (...options) =>
    execFileSync('ps', [...options, ...columns], { encoding: 'utf8', maxBuffer: 256 * 2 ** 20 });
  const parse = (output) =>
    output.split('\n').flatMap((row) => {
      const [, pid, parent, state, age, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s(.*)$/.exec(row) ?? [];
      const looker = Number(parent) === process.pid && command.startsWith('ps ');
      if (pid === undefined || state.startsWith('Z') || looker) return [];
      return [{ pid: Number(pid), parent: Number(parent), age, command }];
    });
  const environments = new Map(
    parse(ps(process.platform === 'darwin' ? '-Eww' : 'eww', '-A')).map(({ pid, command }) => [pid, command]),
  );
  return parse(ps('-ww', '-A')).map((row) => ({
    ...row,
    names: (folder) => (environments.get(row.pid) ?? row.command).includes(folder),
  }));
}

/** @param {readonly Row[]} rows */
export const asLines = (rows) => rows.map(({ pid, age, command }) => `  ${pid}, for ${age}: ${command.slice(0, 300)}`);
