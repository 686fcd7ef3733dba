import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Small heap, few threads: ten of these share a laptop. */
const FLAGS = ['--max-old-space-size=48', '--max-semi-space-size=1', '--v8-pool-size=1'];

/** Starts one of the sandbox's programs with its settings in one environment variable and an IPC channel, which also is its lifeline. */
export function startChild(program: 'instance' | 'balancer' | 'traffic', settings: object, log: number): ChildProcess {
  const file = fileURLToPath(new URL(`../${program}.js`, import.meta.url));
  return spawn(process.execPath, [...FLAGS, file], {
    stdio: ['ignore', log, log, 'ipc'],
    env: { UV_THREADPOOL_SIZE: '1', [`SANDBOX_${program.toUpperCase()}`]: JSON.stringify(settings) },
  });
}

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Waits for the first message of a child. Rejects when the child ends before. */
export function firstMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(
        new Error(
          `expected a first message, but process ${child.pid} ended with ${code ?? signal}; its output is in fleet.log`,
        ),
      ),
    );
  });
}

/** Ends a child: TERM, and KILL when it hasn't gone after a second. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 1_000);
  await exit;
  clearTimeout(timer);
}

/** Sends a message to a child that may be gone by now; its end is noticed elsewhere. */
export function tell(child: ChildProcess, message: object): void {
  if (child.connected) child.send(message, () => undefined);
}
