import { execFile, type ExecFileOptions } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a program to its end and returns its stdout. It doesn't outlive this process. Rejects as `execFile` does. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  const running = run(command, args, { ...options, encoding: 'utf8' });
  const end = () => running.child.kill('SIGKILL');
  process.prependOnceListener('exit', end); // before what it writes to is removed
  try {
    return (await running).stdout;
  } finally {
    process.off('exit', end);
  }
}
