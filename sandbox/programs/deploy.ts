// deploy.sh of the sandbox's checkout: replaces instances one by one through the fleet agent, whose children they are. It is the operators' own
// script: not safe to run twice or beside itself, and its journal says when that happened.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AgentClient } from '../agent-client.js';
import { readSettings } from '../agent/settings.js';
import type { StateDirectory } from '../agent/state-directory.js';
import type { BadWay } from '../bad-way.js';
import { appendJournal } from '../journal.js';
import { releaseOf } from './checkout-release.js';
import { checkoutRoot, stateOf } from './checkout-root.js';
import { parseDeployArguments, type DeployOrder } from './deploy-arguments.js';
import { runningBeside } from './running-deploys.js';
import { complain, print } from './script.js';

interface Target {
  release: string;
  slots: number[];
}

type DeployFault = Extract<BadWay, { way: 'deploy-fails' | 'deploy-hangs' | 'deploy-lies' }>;

/** How this very execution goes wrong, if it does. */
function faultOf(order: DeployOrder, bad: readonly BadWay[]): DeployFault | null {
  if (order.kind === 'rollback') return null;
  const ways = ['deploy-fails', 'deploy-hangs', 'deploy-lies'];
  return (
    bad.find(
      (way): way is DeployFault =>
        ways.includes(way.way) && 'batch' in way && (way.batch === null || way.batch === order.batch),
    ) ?? null
  );
}

/** Which slots get which release. A batch is a share of the whole fleet, what is already there included; a rollback is everything that isn't there. */
async function targetOf(order: DeployOrder, candidate: string, agent: AgentClient): Promise<Target> {
  const { slots } = await agent.slots();
  const release = order.kind === 'rollback' ? order.to : candidate;
  const others = slots.filter((slot) => slot.release !== release);
  const wanted = order.kind === 'rollback' ? slots.length : Math.ceil((slots.length * order.batch) / 100);
  const missing = Math.max(0, wanted - (slots.length - others.length));
  return { release, slots: others.slice(0, missing).map((slot) => slot.slot) };
}

async function replaceOneByOne(target: Target, paceMs: number, agent: AgentClient): Promise<void> {
  for (const [index, slot] of target.slots.entries()) {
    const done = await agent.replace(slot, target.release);
    const place = `[${index + 1}/${target.slots.length}] slot ${slot}: ${done.from} -> ${done.to}`;
    if (!done.healthy)
      throw new Error(`${place}: /health never answered 200 (last: ${done.lastStatus || 'no answer'}); stopped here`);
    print(`${place} pid ${done.pid} healthy`);
    await pause(paceMs);
  }
}

/** Where the fleet agent listens. Not by the schema of sandbox.json: this program starts in tens of milliseconds without it. */
function adminUrlOf(paths: StateDirectory): string {
  if (!existsSync(paths.info))
    throw new Error(
      `expected a running fleet agent, but there is no ${paths.info}; start one: node dist/sandbox/up.js --dir ${paths.dir}`,
    );
  return (JSON.parse(readFileSync(paths.info, 'utf8')) as { adminUrl: string }).adminUrl;
}

const half = (target: Target): Target => ({
  ...target,
  slots: target.slots.slice(0, Math.ceil(target.slots.length / 2)),
});

async function deploy(
  order: DeployOrder,
  candidate: string,
  paths: StateDirectory,
  ignoreTerm: () => void,
): Promise<void> {
  const agent = new AgentClient(adminUrlOf(paths));
  const { bad } = await agent.release(candidate);
  if (order.kind === 'rollback' && !(await agent.release(order.to)).known) {
    throw new Error(`unknown release '${order.to}'; there are ${(await agent.releases()).releases.join(', ')}`);
  }
  const fault = faultOf(order, bad);
  if (fault?.way === 'deploy-hangs' && fault.ignoresTerm) ignoreTerm();
  const target = await targetOf(order, candidate, agent);
  const { deployPaceMs } = readSettings(paths.settings);
  print(`${order.kind} to ${target.release}: ${target.slots.length} instance(s) to replace`);
  if (order.kind === 'rollback' && (await agent.takeRollbackFailure(candidate)).fails) {
    await replaceOneByOne(half(target), deployPaceMs, agent);
    throw new Error(`rollback from ${candidate} failed half way`);
  }
  switch (fault?.way) {
    case 'deploy-lies':
      for (const [index, slot] of target.slots.entries())
        print(`[${index + 1}/${target.slots.length}] slot ${slot}: -> ${target.release} healthy`);
      break;
    case 'deploy-fails':
      await replaceOneByOne(half(target), deployPaceMs, agent);
      throw new Error(`deploying ${candidate} failed half way`);
    case 'deploy-hangs':
      await replaceOneByOne(half(target), deployPaceMs, agent);
      print('waiting for the load balancer API ...');
      return new Promise<never>(() => setInterval(() => undefined, 60_000));
    case undefined:
      await replaceOneByOne(target, deployPaceMs, agent);
  }
  print(`${order.kind} to ${target.release}: done`);
}

async function main([directory = '', ...argv]: string[]): Promise<number> {
  let order: DeployOrder;
  try {
    order = parseDeployArguments(argv);
  } catch (error) {
    complain((error as Error).message);
    return 2;
  }
  const root = checkoutRoot(resolve(directory));
  const paths = stateOf(root);
  const candidate = releaseOf(root);
  const id = randomUUID();
  const at = (): string => new Date().toISOString();
  appendJournal(paths.journal, { event: 'start', id, at: at(), pid: process.pid, argv, candidate });
  const end = (exitCode: number): number => {
    appendJournal(paths.journal, { event: 'end', id, at: at(), exitCode });
    return exitCode;
  };
  // The agent finishes the instance that is being replaced; this script takes no further one.
  const onTerm = (): void => process.exit(end(143));
  process.on('SIGTERM', onTerm);
  const ignoreTerm = (): void =>
    void process.off('SIGTERM', onTerm).on('SIGTERM', () => complain('deploy.sh: TERM ignored'));

  const beside = runningBeside(paths.journal, id);
  if (beside.length > 0) {
    appendJournal(paths.journal, { event: 'overlap', id, at: at(), with: beside });
    complain(
      `deploy.sh: warning: ${beside.length} other deploy.sh running (pids in the journal); nobody knows what comes of that`,
    );
  }
  try {
    await deploy(order, candidate, paths, ignoreTerm);
    return end(0);
  } catch (error) {
    complain(`deploy.sh: ${error instanceof Error ? error.message : String(error)}`);
    return end(1);
  }
}

// Goes on when nobody reads its output any more: the harder case for whoever started it, who has to find and stop it.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.exitCode = await main(process.argv.slice(2));
