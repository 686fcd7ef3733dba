import { Command, type Option } from 'commander';
import { abortCommand } from './commands/abort.js';
import { alertCommand } from './commands/alert.js';
import { completeCommand, completionCommand } from './commands/completion.js';
import { decideCommand } from './commands/decide.js';
import { doctorCommand } from './commands/doctor.js';
import { dryRunCommand } from './commands/dry-run.js';
import { exitCodeTable } from './exit/exit-codes.js';
import { followCommand } from './commands/follow.js';
import { handoverCommand } from './commands/handover.js';
import { historyCommand } from './commands/history.js';
import { listCommand } from './commands/list.js';
import { logsCommand } from './commands/logs.js';
import { planCommand } from './commands/plan.js';
import { receiveCommand } from './commands/receive.js';
import { reportCommand } from './commands/report.js';
import { replayCommand } from './commands/replay.js';
import { restoreCommand } from './commands/restore.js';
import { rollbackCommand } from './commands/rollback.js';
import { startCommand } from './commands/start.js';
import { statusCommand } from './commands/status.js';
import { pauseCommand, promoteCommand, resumeCommand } from './commands/steer.js';
import { supersedeCommand } from './commands/supersede.js';
import { upCommand } from './commands/up.js';
import { carriedOptions } from './options/carried-options.js';
import { asCalledHere, rememberCalled } from './terminal/called.js';
import { severalLines } from './terminal/terminal-text.js';
import { version } from '../version.js';
import { watchCommand } from './commands/watch.js';
import { workerCommand } from './commands/worker.js';

const ORDER = `
A first go-live on this machine:
  golive up              # the server and a worker, in the foreground
  golive plan sandbox    # what would happen
  golive doctor sandbox  # what is missing, with its cure
  golive dry-run sandbox --release RC.3 --previous RC.2 --owner "Ana"
  golive start sandbox --release RC.3 --previous RC.2 --owner "Ana" --wait
  golive abort sandbox   # at any time
`;

/**
 * The command line. Errors are thrown, never exited with; with `json` commander is silent, for the caller reports.
 * @param called how this program is called here, such as `npx golive`
 */
export function golive(json: boolean, called: string): Command {
  const program = new Command('golive')
    .description(
      'Runs the Controlled Go-Live Playbook as one durable Temporal workflow: staged rollout, watching, rollback with proof.',
    )
    .version(version(), '-V, --version')
    .addHelpText(
      'after',
      `${ORDER}\n${exitCodeTable()}\n\n"golive <command> --help" has the options and examples of each.`,
    );
  const commands = [
    startCommand,
    dryRunCommand,
    statusCommand,
    listCommand,
    watchCommand,
    followCommand,
    logsCommand,
    historyCommand,
    reportCommand,
    replayCommand,
    abortCommand,
    decideCommand,
    rollbackCommand,
    restoreCommand,
    pauseCommand,
    resumeCommand,
    promoteCommand,
    handoverCommand,
    supersedeCommand,
    alertCommand,
    receiveCommand,
    planCommand,
    doctorCommand,
    upCommand,
    workerCommand,
    completionCommand,
  ].map((make) => make());
  for (const command of commands) program.addCommand(command);
  rememberCalled({ program: called, options: () => '' });
  program.addCommand(completeCommand(program), { hidden: true });
  for (const command of [program, ...commands]) {
    tellMisspeltFirst(command);
    command
      .exitOverride()
      .showHelpAfterError('(add --help for the options and an example)')
      .configureOutput({
        writeOut: (text) => void process.stdout.write(severalLines(asCalledHere(text))),
        writeErr: (text) => void (json || process.stderr.write(severalLines(asCalledHere(text)))),
      })
      .hook('preAction', (self) =>
        rememberCalled({ program: called, options: carriedOptions(self, commands, process.env) }),
      );
  }
  return program;
}

/** An option that is misspelt is told before the one that is missing for it: commander looks for those that are missing first. */
function tellMisspeltFirst(command: Command): void {
  const inner = command as unknown as Record<'missingMandatoryOptionValue', (option: Option) => void> &
    Record<'unknownOption', (flag: string) => void>;
  const missing = inner.missingMandatoryOptionValue.bind(command);
  inner.missingMandatoryOptionValue = (option) => {
    const misspelt = command.args.find((each) => each.startsWith('-'));
    if (misspelt !== undefined) inner.unknownOption(misspelt);
    missing(option);
  };
}
