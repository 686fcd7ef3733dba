import { access, constants, stat } from 'node:fs/promises';
import { delimiter, resolve as resolvePath } from 'node:path';
import { commandLine } from '../../activities/commands/command-line.js';
import { stepsOf, type Plan } from '../../domain/plan/plan.js';
import type { Environment } from '../../plans/variables.js';
import { found, type Diagnosis } from './diagnosis.js';

/** What a program is looked for in when a command has no PATH of its own. */
const DEFAULT_PATH = '/usr/local/bin:/bin:/usr/bin';

/** Whether each command of a plan finds its folder and its program, as the system would look for them. Runs nothing. */
export async function lookAtCommands(plan: Plan, environment: Environment): Promise<Diagnosis[]> {
  const { integrity } = plan.verify;
  const commands = [
    ...stepsOf(plan),
    ...(integrity ? [{ name: 'integrity', command: integrity }] : []),
    ...(plan.evidence ? [{ name: 'evidence-copy', command: plan.evidence.copy }] : []),
  ];
  const looked = await Promise.all(
    commands.map(async ({ name, command }) => {
      const [program = ''] = command.run;
      const { argv, workingDirectory, env } = await commandLine(
        plan,
        { ...command, run: [program], environment: command.environment },
        {},
        environment,
        'report.xml',
      );
      return { name, program: argv[0] ?? '', workingDirectory, path: env['PATH'] ?? DEFAULT_PATH };
    }),
  );
  const faults = await Promise.all(looked.map(faultOf));
  const bad = faults.flatMap((fault) => fault ?? []);
  const where = plan.environment.name;
  if (bad.length === 0) {
    const programs = [...new Set(looked.map(({ program }) => program))].join(', ');
    return [found('commands', where, 'ok', `all ${looked.length} commands find their program: ${programs}`)];
  }
  // A folder that isn't there is one thing to mend, however many commands want it.
  return [...new Set(bad.map(({ why }) => why))].map((why) => {
    const all = bad.filter((each) => each.why === why);
    const names = all.map(({ name }) => name).join(', ');
    return found('commands', `${where}: ${names}`, 'bad', why, { cure: all[0]?.cure ?? '' });
  });
}

interface Looked {
  readonly name: string;
  readonly program: string;
  readonly workingDirectory: string;
  readonly path: string;
}

async function faultOf({
  name,
  program,
  workingDirectory,
  path,
}: Looked): Promise<{ name: string; why: string; cure: string } | undefined> {
  const folder = await stat(workingDirectory).catch(() => undefined);
  if (!folder?.isDirectory())
    return {
      name,
      why: `there is no folder ${workingDirectory}`,
      cure: 'Check out the release there, or correct workingDirectory in the playbook file, or the variable that it names.',
    };
  if ((await programAt(program, workingDirectory, path)) !== undefined) return undefined;
  return program.includes('/')
    ? {
        name,
        why: `${program} in ${workingDirectory} is no program`,
        cure: 'Look whether the checkout is whole and the file executable (chmod +x).',
      }
    : {
        name,
        why: `there is no program ${program} on its PATH, ${path}`,
        cure: 'Install it, or correct PATH under environment in the playbook file.',
      };
}

/** The file that would be run, as the system looks for it: by its path from the working directory, else along PATH. Undefined when there is none. */
export async function programAt(program: string, workingDirectory: string, path: string): Promise<string | undefined> {
  const candidates = program.includes('/')
    ? [resolvePath(workingDirectory, program)]
    : path.split(delimiter).map((folder) => resolvePath(workingDirectory, folder, program));
  for (const file of candidates) if (await isProgram(file)) return file;
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
