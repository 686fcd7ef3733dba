import { Command } from 'commander';
import { TASK_QUEUE } from '../../domain/run/task-queues.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { environmentArgument } from '../options/environment-argument.js';
import {
  withExamples,
  withJson,
  withServer,
  type OutputOptions,
  type ServerOptions,
} from '../options/shared-options.js';
import { doctorScreen } from '../screens/doctor-screen.js';
import { findServer } from '../server/find-server.js';
import { workersPlaybook } from '../server/worker-record.js';
import { openTerminal } from '../terminal/terminal.js';

interface DoctorOptions extends ServerOptions, OutputOptions {
  readonly playbook?: string;
  readonly queue: string;
}

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .summary('what a go-live will need and what is missing, each with its cure')
    .description(
      'Looks at everything that a go-live will need: the server, its namespace, the workers, the playbook file, its commands and variables, the service and its metrics, the clocks, the ledger’s disk, and whether commands outlive their worker here. Run it on the worker’s host, as its user and with its variables. It changes nothing: it reads from the service, and logs in where the plan has a login.',
    )
    .argument('[environment]', 'the environment; every one of the file when left out', environmentArgument)
    .option('--queue <name>', "the worker's task queue", TASK_QUEUE)
    .option(
      '--playbook <file>',
      'the playbook file (GOLIVE_PLAYBOOK, the one of the worker of this home, or golive.yaml)',
    )
    .action(async (environment: string | undefined, options: DoctorOptions) => {
      process.exitCode = await doctor(environment, options);
    });
  return withExamples(
    withJson(withServer(command)),
    [
      'golive doctor prod',
      `golive doctor prod --json | jq -r '.findings[] | select(.state != "ok") | .command // .cure'`,
    ],
    [EXIT.ok, EXIT.usage, EXIT.unfit],
  );
}

async function doctor(environment: string | undefined, options: DoctorOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const server = await findServer(options);
  const playbookFile =
    options.playbook ??
    (process.env['GOLIVE_PLAYBOOK'] || (await workersPlaybook(server.home, server.target)) || 'golive.yaml');
  // Only who is examined loads what examines.
  const { examine } = await import('../doctor/examine.js');
  const findings = await examine({
    server,
    playbookFile,
    taskQueue: options.queue,
    ...(environment === undefined ? {} : { environment }),
  });
  const exitCode = findings.some(({ state }) => state === 'bad') ? EXIT.unfit : EXIT.ok;
  terminal.print(doctorScreen(findings, terminal.paint));
  terminal.document({ exitCode, findings });
  return exitCode;
}
