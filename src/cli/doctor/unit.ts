import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { found, type Diagnosis } from './diagnosis.js';

const AS_A_SERVICE = 'Run a production worker as a service (docs/production.md), not from a login shell.';
const LOGIND = 'org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager';
const PROPERTIES = ['KillUserProcesses', 'KillOnlyUsers', 'KillExcludeUsers'];

/** What a stop of the worker's systemd unit, or the end of its login session, does to commands that run under it. */
export async function unitDiagnosis(pid: number): Promise<Diagnosis[]> {
  const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  const [unit] = /[^/\n]+\.(?:service|scope)$/m.exec(cgroup) ?? [];
  if (unit === undefined) return [];
  if (/^session-.+\.scope$/.test(unit)) {
    const told = await toldBy('busctl', ['get-property', ...LOGIND.split(' '), ...PROPERTIES]);
    return [sessionKills(pid, unit, told, await ownerOf(pid))];
  }
  const user = /user@\d+\.service\//.test(cgroup) ? ['--user'] : [];
  return [unitKills(pid, unit, await toldBy('systemctl', [...user, 'show', '--property=KillMode', '--value', unit]))];
}

/** What a program prints; empty where it isn't there or fails. */
const toldBy = (program: string, args: readonly string[]): Promise<string> =>
  promisify(execFile)(program, [...args], { timeout: 2_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );

/** The name of the user that a process runs as; empty where it isn't known. */
async function ownerOf(pid: number): Promise<string> {
  const uid = await stat(`/proc/${pid}`).then(
    (process) => process.uid,
    () => undefined,
  );
  return uid === undefined ? '' : await toldBy('id', ['-nu', String(uid)]);
}

/**
 * @param told by logind: KillUserProcesses, KillOnlyUsers and KillExcludeUsers, a line each, as busctl prints them; empty where nobody tells
 * @param owner of the worker
 */
export function sessionKills(pid: number, session: string, told: string, owner: string): Diagnosis {
  const what = `worker ${pid}`;
  const [kills, only = '', except = ''] = told.split('\n');
  const names = (list: string) => [...list.matchAll(/"([^"]*)"/g)].map(([, name]) => name);
  // Of a worker that is nobody knows whose the worse is told.
  const isMeant =
    owner === '' || (!names(except).includes(owner) && (names(only).length === 0 || names(only).includes(owner)));
  if (kills === 'b true' && isMeant)
    return found(
      'supervisor',
      what,
      'bad',
      `runs in the login session ${session}, and a logout kills all of it, running commands too (KillUserProcesses=yes)`,
      { cure: `${AS_A_SERVICE} Until then stay logged in; or set KillUserProcesses=no in /etc/systemd/logind.conf.` },
    );
  if (kills === 'b false' || kills === 'b true')
    return found(
      'supervisor',
      what,
      'ok',
      `runs in the login session ${session}, and a logout leaves running commands alone (KillUserProcesses=${kills === 'b true' ? `yes, not for ${owner}` : 'no'})`,
    );
  return found(
    'supervisor',
    what,
    'warn',
    `runs in the login session ${session}, and logind doesn't tell whether a logout kills running commands`,
    { cure: AS_A_SERVICE, command: `busctl get-property ${LOGIND} KillUserProcesses` },
  );
}

/** @param killMode as systemctl tells it; empty where it doesn't */
export function unitKills(pid: number, unit: string, killMode: string): Diagnosis {
  const what = `worker ${pid}`;
  if (unit.endsWith('.scope'))
    return found('supervisor', what, 'warn', `runs in ${unit}: its end may end running commands, too`, {
      cure: AS_A_SERVICE,
    });
  if (killMode === 'control-group' || killMode === 'mixed')
    return found(
      'supervisor',
      what,
      'bad',
      `a restart of ${unit} kills running commands with it (KillMode=${killMode})`,
      {
        cure: 'Set KillMode=process in the section [Service] of the unit, then systemctl daemon-reload (docs/production.md).',
        command: `sudo systemctl edit ${unit}`,
      },
    );
  return killMode === ''
    ? found('supervisor', what, 'warn', `systemd doesn't tell the KillMode of ${unit}`, {
        cure: 'See that it is process, or a restart kills running commands (docs/production.md).',
        command: `systemctl show --property=KillMode ${unit}`,
      })
    : found('supervisor', what, 'ok', `a restart of ${unit} leaves running commands alone (KillMode=${killMode})`);
}
