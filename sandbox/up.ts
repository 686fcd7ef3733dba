// The fleet agent in the foreground: node dist/sandbox/up.js --dir <state directory>. Ends with SIGINT or SIGTERM, and with the parent that forked it.
import { Command, InvalidArgumentError } from 'commander';
import { startAgent } from './agent/agent.js';
import { DEFAULT_OPTIONS, type AgentOptions } from './agent/options.js';
import { upWords } from './up-words.js';

const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError(`expected a number from 0 up, got "${text}"`);
  return value;
};

const program = new Command('up')
  .description(
    'Runs a small ARIS3-like fleet of real processes: instances, a balancer, background traffic, and a checkout with a deploy.sh.',
  )
  .requiredOption('--dir <directory>', 'state directory: sandbox.json, checkout, database, journal')
  .option('--instances <number>', 'how many instances, at least 8', number, DEFAULT_OPTIONS.instances)
  .option('--release <tag>', 'the release the fleet begins with', DEFAULT_OPTIONS.release)
  .option('--port <port>', 'port of the balancer, 0 = a free one', number, DEFAULT_OPTIONS.port)
  .option(
    '--canary-port <port>',
    'port that reaches only the newest release, 0 = a free one',
    number,
    DEFAULT_OPTIONS.canaryPort,
  )
  .option('--traffic <rps>', 'background requests per second, 0 = none', number, DEFAULT_OPTIONS.traffic)
  .option('--warm-up <ms>', 'how long a restarted instance is slow', number, DEFAULT_OPTIONS.warmUpMs)
  .option('--script-ms <ms>', "how long each of the checkout's scripts takes", number, DEFAULT_OPTIONS.scriptMs)
  .option('--deploy-pace-ms <ms>', 'how long deploy.sh rests after each instance', number, DEFAULT_OPTIONS.deployPaceMs)
  .option(
    '--health-wait-ms <ms>',
    'how long a replaced instance has to become healthy',
    number,
    DEFAULT_OPTIONS.healthWaitMs,
  )
  .option('--token-ttl-seconds <s>', 'how long a login lasts', number, DEFAULT_OPTIONS.tokenTtlSeconds);

// Heard from the first moment on: a stop that comes while the fleet still starts is not lost.
const stopAsked = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  process.on('disconnect', () => resolve());
});

try {
  const { warmUp, ...options } = program.parse().opts<Omit<AgentOptions, 'warmUpMs'> & { warmUp: number }>();
  const agent = await startAgent({ ...options, warmUpMs: warmUp });
  // The program that forked it reads one document, a person reads words.
  process.stdout.write(process.send ? `${JSON.stringify(agent.info)}\n` : upWords(agent.info, options));
  await stopAsked;
  await agent.stop();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
