import { setTimeout as pause } from 'node:timers/promises';
import type { GoLiveResult, GoLiveStatus, TimelineEntry } from '../../src/domain/run/status.js';
import { TASK_QUEUE } from '../../src/domain/run/task-queues.js';
import type { BadWayInput } from '../bad-way.js';
import { Narrator } from './narrator.js';
import type { Screen } from './screen.js';
import type { StageSet } from './stage-set.js';

/** One go-live as the audience sees it, and what deploy.sh wrote into its own journal meanwhile. */
export interface Shown {
  readonly result: GoLiveResult;
  /** Events of the workflow's history. */
  readonly events: number;
  /** Each real execution of deploy.sh, as its arguments. */
  readonly deploys: readonly string[];
}

export interface Part {
  readonly release: string;
  readonly previousRelease: string;
  readonly bad?: readonly BadWayInput[];
  /** Happens beside the go-live. It is over before the go-live counts as shown. */
  readonly meanwhile?: () => Promise<void>;
}

const LOOK_EVERY_MS = 300;
/** A question to a run that has no worker just now is given up after this, and asked again. */
const ANSWER_WITHIN_MS = 3_000;

/** Plays one go-live from its start to its end and tells what happens. */
export async function showGoLive(
  { client, sandbox }: StageSet,
  screen: Screen,
  { release, previousRelease, bad = [], meanwhile }: Part,
): Promise<Shown> {
  await sandbox.offer(release, [...bad]);
  const before = sandbox.journal().length;
  const handle = await client.workflow.start('controlledGoLive', {
    workflowId: 'go-live-sandbox',
    taskQueue: TASK_QUEUE,
    args: [
      {
        environment: 'sandbox',
        release,
        previousRelease,
        decisionOwner: 'Ana',
        attestations: {
          restoreDrill: 'drill of last Monday',
          stagingParity: 'compared',
          openIncidents: 'none',
          frozenRules: 'covered by tests',
        },
      },
    ],
  });
  const narrator = new Narrator(screen);
  let over = false;
  let asked: (question: Error) => void = () => undefined;
  const unanswered = new Promise<never>((_, reject) => (asked = reject));
  unanswered.catch(() => undefined); // looked at while the result is awaited
  const following = (async () => {
    while (!over) {
      await pause(LOOK_EVERY_MS);
      const look = client.connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, async () => ({
        timeline: await handle.query<readonly TimelineEntry[]>('timeline'),
        // After the timeline: what that says is watched is then being watched.
        status: await handle.query<GoLiveStatus>('status'),
      }));
      // Without a worker nobody answers; what happened is told when one is back.
      const seen = await look.catch(() => undefined);
      if (!seen || over) continue;
      narrator.tell(seen.timeline, seen.status.watching);
      // The demo has nobody else to answer; a host that is away and blindness ask and take their question back by themselves.
      const question = seen.status.holds.find(({ id }) => !['host-away', 'blind'].includes(id));
      if (question)
        asked(
          new Error(
            `${release} waits for a person, which no scene should: ${question.reason} The fleet is left as it is.`,
          ),
        );
    }
  })();
  const beside = meanwhile?.();
  try {
    const whole = Promise.all([handle.result() as Promise<GoLiveResult>, beside]);
    whole.catch(() => undefined); // a question can come first
    const [result] = await Promise.race([whole, unanswered]);
    over = true;
    narrator.tell(result.timeline);
    const { historyLength } = await handle.describe();
    const deploys = sandbox
      .journal()
      .slice(before)
      .flatMap((entry) => (entry.event === 'start' ? [entry.argv.join(' ')] : []));
    return { result, events: historyLength, deploys };
  } finally {
    over = true;
    await following;
  }
}
