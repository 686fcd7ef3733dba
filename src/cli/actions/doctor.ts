import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import type { OutputOptions, ServerOptions } from '../options/shared-options.js';
import { doctorScreen } from '../screens/doctor-screen.js';
import { findServer } from '../server/find-server.js';
import { workersPlaybook } from '../server/worker-record.js';
import { openTerminal } from '../terminal/terminal.js';

interface DoctorOptions extends ServerOptions, OutputOptions {
  readonly playbook?: string;
  readonly queue: string;
}

export async function doctor(environment: string | undefined, options: DoctorOptions): Promise<ExitCode> {
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
