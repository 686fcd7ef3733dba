// Steers a running sandbox by hand: node dist/sandbox/ctl.js --dir <state directory> status|offer|break|heal|env
import { Command } from 'commander';
import { AgentClient } from './agent-client.js';
import { BAD_WAY_NAMES, parseBadWay, type BadWay } from './bad-way.js';
import { readSandboxInfo, sandboxEnvironment } from './sandbox-info.js';

const program = new Command('ctl')
  .description('Shows and steers a running sandbox.')
  .option('--dir <directory>', 'state directory of the sandbox', process.env.GOLIVE_SANDBOX_DIR ?? '.golive/sandbox');

const info = () => readSandboxInfo(program.opts<{ dir: string }>().dir);
const agent = (): AgentClient => new AgentClient(info().adminUrl);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const collect = (text: string, before: BadWay[]): BadWay[] => [...before, parseBadWay(text)];
const ways = `one of ${BAD_WAY_NAMES.join(', ')}; a value follows an equals sign (error-rate=0.2); may be repeated`;

async function status(): Promise<void> {
  const { instances, newest, candidate } = await agent().fleet();
  print(`candidate ${candidate}, newest on the fleet ${newest ?? '(nothing deployed yet)'}, through ${info().url}`);
  for (const { slot, pid, port, release, ready, inBalancer, bad } of instances) {
    const notes = [
      ready ? 'ready' : 'not ready',
      ...(inBalancer ? [] : ['out of the balancer']),
      ...bad.map((way) => JSON.stringify(way)),
    ];
    print(
      `slot ${String(slot).padStart(2)}  ${release.padEnd(10)} pid ${pid ?? '-'}  port ${port}  ${notes.join(', ')}`,
    );
  }
  const traffic = await agent().traffic();
  print(
    `traffic: ${traffic.requests} requests, by status ${JSON.stringify(traffic.byStatus)}, ${traffic.failed} without an answer`,
  );
}

program.command('status').description('what runs in each slot').action(status);
program
  .command('offer <release>')
  .description('make a release the candidate of the next deploy')
  .option('--bad <way>', ways, collect, [])
  .action(async (release: string, options: { bad: BadWay[] }) => {
    const { previous } = await agent().offer(release, options.bad);
    print(`${release} is the candidate; the release to go back to is ${previous}`);
  });
program
  .command('break <release> <way...>')
  .description(`turn a release and its running instances bad: ${ways}`)
  .action(async (release: string, texts: string[]) => {
    print(`now ${JSON.stringify((await agent().setReleaseBad(release, texts.map(parseBadWay))).bad)}`);
  });
program
  .command('break-instance <slot> <way...>')
  .description('turn one running instance bad')
  .action(async (slot: string, texts: string[]) => {
    print(`now ${JSON.stringify((await agent().setSlotBad(Number(slot), texts.map(parseBadWay))).bad)}`);
  });
program
  .command('heal-instance <slot>')
  .description('make one running instance what its release is')
  .action(async (slot: string) => {
    print(`now ${JSON.stringify((await agent().setSlotBad(Number(slot), null)).bad)}`);
  });
program
  .command('heal <release>')
  .description('turn a release and its running instances good, and repair its data drift')
  .action(async (release: string) => {
    await agent().setReleaseBad(release, []);
    print(`${release} is good`);
  });
program
  .command('env')
  .description(
    'the environment variables of golive.yaml, to be read by a shell: eval "$(node dist/sandbox/ctl.js env)"',
  )
  .action(() => {
    for (const [name, value] of Object.entries(sandboxEnvironment(info())))
      print(`export ${name}='${value.replaceAll("'", `'\\''`)}'`);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
