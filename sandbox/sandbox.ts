import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AgentClient } from './agent-client.js';
import { DEFAULT_OPTIONS, type AgentOptions } from './agent/options.js';
import { readJournal, type JournalEntry } from './journal.js';
import { sandboxEnvironment, sandboxInfoSchema, type SandboxInfo } from './sandbox-info.js';

export type SandboxOptions = Partial<AgentOptions> & { dir: string };

/** A running sandbox that this process started. Everything the fleet agent can do is there as well: `offer`, `setReleaseBad`, `fleet`, … */
export class Sandbox extends AgentClient {
  readonly info: SandboxInfo;
  readonly #agent: ChildProcess;

  constructor(info: SandboxInfo, agent: ChildProcess) {
    super(info.adminUrl);
    this.info = info;
    this.#agent = agent;
  }

  /** The environment variables that golive.yaml uses: GOLIVE_SANDBOX_URL and so on, ARIS3_USERNAME, ARIS3_PASSWORD. */
  environment(): Record<string, string> {
    return sandboxEnvironment(this.info);
  }

  /** What deploy.sh wrote down: every start is one real execution. */
  journal(): JournalEntry[] {
    return readJournal(this.info.journal);
  }

  /** Ends the agent and with it every process of the fleet; resolves when they are gone. Can be called twice. */
  async stop(): Promise<void> {
    if (this.#agent.exitCode !== null || this.#agent.signalCode !== null) return;
    const exit = once(this.#agent, 'exit');
    this.#agent.kill('SIGTERM');
    await exit;
  }
}

/**
 * Starts a fleet agent as a child of this process and waits until every instance is there (about a second). It ends with this process.
 * Rejects with the agent's own words when it can't start. Times in ms; see AgentOptions.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const all: AgentOptions = { ...DEFAULT_OPTIONS, ...options };
  const flags = {
    dir: all.dir,
    instances: all.instances,
    release: all.release,
    port: all.port,
    'canary-port': all.canaryPort,
    traffic: all.traffic,
    'warm-up': all.warmUpMs,
    'script-ms': all.scriptMs,
    'deploy-pace-ms': all.deployPaceMs,
    'health-wait-ms': all.healthWaitMs,
    'token-ttl-seconds': all.tokenTtlSeconds,
  };
  const up = fileURLToPath(new URL('./up.js', import.meta.url));
  const agent = spawn(
    process.execPath,
    [up, ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  let complaint = '';
  agent.stderr?.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
  const stdout = agent.stdout;
  if (stdout === null) throw new Error('the fleet agent was started without a pipe for its output');
  const lines = createInterface({ input: stdout });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    agent.once('error', reject);
    agent.once('close', (code) =>
      reject(new Error(`the fleet agent ended with ${code} before it was ready: ${complaint.trim()}`)),
    );
  });
  lines.close();
  return new Sandbox(sandboxInfoSchema.parse(JSON.parse(line)), agent);
}
