import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** One process as the system shows it now. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where it isn't known (other systems than Linux). */
  readonly session: number;
  /** The short name of its program, as far as it is known. */
  readonly name: string;
  /** Tells two processes that had the same pid apart; only comparable on the same machine and boot. */
  readonly startTime: string;
  /** Ended, only not yet collected by its parent. */
  readonly ended: boolean;
  /** Whether `NAME=value` is in the environment it was started with; false where we may not look. */
  carries(variable: string): boolean;
  /** Whether a variable of that name is. */
  names(variable: string): boolean;
  /** Where the kernel accounts it; undefined where that can't be seen (other systems than Linux). */
  cgroup(): string | undefined;
  /** It is just becoming another program, and shows neither arguments nor environment. */
  isBecoming(): boolean;
  /** Its soft limit of file locks, a number or `unlimited`; undefined where it can't be seen (other systems than Linux). */
  fileLocks(): string | undefined;
}

/** Where processes are looked up: `/proc` on Linux, `ps` elsewhere. */
export interface ProcessTable {
  all(): Promise<ProcessRow[]>;
  one(pid: number): Promise<ProcessRow | undefined>;
}

/** Linux: fields of `/proc/<pid>/stat`; the command name before them may itself contain spaces and brackets. */
export class ProcTable implements ProcessTable {
  // An `async` that does no waiting: /proc answers from memory, and the table should be one moment's picture.
  all(): Promise<ProcessRow[]> {
    const rows: ProcessRow[] = [];
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const row = this.#row(Number(name));
      if (row) rows.push(row);
    }
    return Promise.resolve(rows);
  }

  one(pid: number): Promise<ProcessRow | undefined> {
    return Promise.resolve(this.#row(pid));
  }

  #row(pid: number): ProcessRow | undefined {
    const stat = readProc(`/proc/${pid}/stat`)?.toString('latin1');
    if (stat === undefined) return undefined;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', parent = '', group = '', session = ''] = fields;
    const read = new Map<string, string>();
    const file = (name: string): string => {
      const text = read.get(name) ?? readProc(`/proc/${pid}/${name}`)?.toString('latin1') ?? '';
      read.set(name, text);
      return text;
    };
    const environment = () => `\0${file('environ')}\0`;
    return {
      pid,
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
      startTime: fields[19] ?? '',
      ended: state === 'Z' || state === 'X',
      carries: (variable) => environment().includes(`\0${variable}\0`),
      names: (variable) => environment().includes(`\0${variable}=`),
      cgroup: () => file('cgroup') || undefined,
      isBecoming: () => file('environ') === '' && file('cmdline') === '',
      fileLocks: () => /^Max file locks +(\S+)/m.exec(file('limits'))?.[1],
    };
  }
}

/** A process that ended meanwhile, or that belongs to someone else, is simply not seen. */
function readProc(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** When this Linux was booted, in epoch milliseconds, exact to a second; without /proc not a number. */
export const bootedAt = (): number =>
  1_000 * Number(/^btime (\d+)/m.exec(readProc('/proc/stat')?.toString('latin1') ?? '')?.[1]);

const run = promisify(execFile);

/** BSD's `-e` means "all processes", its `-E` the environment; on Linux `e` without a dash means the environment. */
const SHOW_ENVIRONMENT = process.platform === 'darwin' ? '-Eww' : 'eww';

/** macOS and others: `ps` with the environment appended to the command (shown for one's own processes). */
export class PsTable implements ProcessTable {
  async all(): Promise<ProcessRow[]> {
    return this.#ps([SHOW_ENVIRONMENT, '-A']);
  }

  async one(pid: number): Promise<ProcessRow | undefined> {
    return (await this.#ps([SHOW_ENVIRONMENT, '-p', String(pid)])).find((row) => row.pid === pid);
  }

  async #ps(selection: string[]): Promise<ProcessRow[]> {
    const format = ['pid=', 'ppid=', 'pgid=', 'stat=', 'lstart=', 'command='].flatMap((column) => ['-o', column]);
    // Fixed language and zone: the start time is compared as text.
    const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
    try {
      const { stdout } = await run('ps', [...selection, ...format], { env, maxBuffer: 256 * 1024 * 1024 });
      return parsePs(stdout);
    } catch (error) {
      // ps exits 1 when the pid it was asked for is gone.
      if (
        selection.includes('-p') &&
        typeof error === 'object' &&
        error !== null &&
        'code' in error &&
        error.code === 1
      )
        return [];
      throw error;
    }
  }
}

/** Parses lines of `pid ppid pgid stat "Mon Nov 23 09:39:12 2026" command environment`. */
export function parsePs(output: string): ProcessRow[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+\S+\s+\d+)\s?(.*)$/.exec(line);
    if (!match) return [];
    const [, pid, parent, group, state = '', startTime = '', command = ''] = match;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: 0,
        name: command.split(' ')[0] ?? '',
        startTime: startTime.replace(/\s+/g, ' '),
        ended: state.startsWith('Z'),
        carries: (variable: string) => ` ${command} `.includes(` ${variable} `),
        names: (variable: string) => ` ${command}`.includes(` ${variable}=`),
        cgroup: () => undefined,
        isBecoming: () => false,
        fileLocks: () => undefined,
      },
    ];
  });
}

export const processTable: ProcessTable = process.platform === 'linux' ? new ProcTable() : new PsTable();
