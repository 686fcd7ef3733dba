import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../../src/domain/run/status.js';
import { showGoLive, type Shown } from './go-live-show.js';
import type { Screen } from './screen.js';
import type { StageSet } from './stage-set.js';

/** What a scene has shown, and whether it went as it should. */
export interface SceneReport extends Shown {
  readonly title: string;
  readonly release: string;
  /** What went otherwise than it should; nothing if all is well. */
  readonly faults: readonly string[];
}

const CANARY = '--env prod --strategy canary --batch 10';
const ROLLOUT = [CANARY, '--env prod --strategy rolling --batch 25', '--env prod --strategy rolling --batch 100'];

interface Expected {
  readonly outcome: Outcome;
  readonly deploys: readonly string[];
  /** What answers behind the balancer in the end. */
  readonly live: string;
}

/** The three scenes, one after the other on the same fleet. */
export async function playScenes(set: StageSet, screen: Screen): Promise<SceneReport[]> {
  return [await goodRelease(set, screen), await badRelease(set, screen), await killedWorker(set, screen)];
}

async function goodRelease(set: StageSet, screen: Screen): Promise<SceneReport> {
  const title = 'a good release goes live';
  screen.heading(`1. RC.3, ${title}`);
  const shown = await showGoLive(set, screen, { release: 'RC.3', previousRelease: 'RC.2' });
  return report(set, {
    title,
    release: 'RC.3',
    shown,
    expected: { outcome: 'completed', deploys: ROLLOUT, live: 'RC.3' },
  });
}

async function badRelease(set: StageSet, screen: Screen): Promise<SceneReport> {
  const title = 'a bad release is caught in the canary soak';
  screen.heading(`2. RC.4, ${title}: it turns unhealthy two seconds after its start`);
  const shown = await showGoLive(set, screen, {
    release: 'RC.4',
    previousRelease: 'RC.3',
    bad: [{ way: 'unhealthy-later', afterSeconds: 2 }],
  });
  return report(set, {
    title,
    release: 'RC.4',
    shown,
    expected: { outcome: 'rolled-back', deploys: [CANARY, '--env prod --rollback --to RC.3'], live: 'RC.3' },
  });
}

async function killedWorker(set: StageSet, screen: Screen): Promise<SceneReport> {
  const title = 'the worker is killed in the middle of a deploy';
  screen.heading(`3. RC.5, ${title}`);
  const shown = await showGoLive(set, screen, {
    release: 'RC.5',
    previousRelease: 'RC.3',
    meanwhile: () => killInTheMiddle(set, screen),
  });
  return report(set, {
    title,
    release: 'RC.5',
    shown,
    expected: { outcome: 'completed', deploys: ROLLOUT, live: 'RC.5' },
  });
}

/** kill -9 once the last deploy has replaced an instance, and a new worker. */
async function killInTheMiddle(set: StageSet, screen: Screen): Promise<void> {
  const replaced = async () => (await set.sandbox.slots()).slots.filter(({ release }) => release === 'RC.5').length;
  const inLastDeploy = () =>
    set.sandbox
      .journal()
      .some((entry) => entry.event === 'start' && entry.candidate === 'RC.5' && entry.argv.includes('100'));
  while (!inLastDeploy()) await pause(50);
  const before = await replaced();
  while ((await replaced()) <= before) await pause(50);
  const pid = set.worker?.pid;
  await set.worker?.kill();
  screen.line(
    `** kill -9 of the worker (process ${pid}) while deploy.sh has replaced ${await replaced()} of 10 instances; its supervisor lives on`,
  );
  const worker = await set.startWorker();
  screen.line(
    `** a new worker (process ${worker.pid}) takes over; it waits for the deploy.sh that runs instead of starting another`,
  );
}

async function report(
  set: StageSet,
  { title, release, shown, expected }: { title: string; release: string; shown: Shown; expected: Expected },
): Promise<SceneReport> {
  const { outcome, summary } = shown.result;
  const live = [...new Set((await set.sandbox.slots()).slots.map((slot) => slot.release))].join(', ');
  const faults = [
    ...(outcome === expected.outcome
      ? []
      : [`expected the outcome ${expected.outcome}, it was ${outcome}: ${summary}`]),
    ...(shown.deploys.join('; ') === expected.deploys.join('; ')
      ? []
      : [`expected deploy.sh to run with ${expected.deploys.join('; ')}; its journal has ${shown.deploys.join('; ')}`]),
    ...(live === expected.live ? [] : [`expected only ${expected.live} on the fleet, it has ${live}`]),
  ];
  return { ...shown, title, release, faults };
}
