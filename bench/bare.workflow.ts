import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

interface Activities {
  /** Runs a command. Returns its exit code. */
  spawnOne(argv: readonly string[]): Promise<number>;
  /** Probes each second until the third bad answer in a row. */
  thirdBad(url: string): Promise<void>;
}
const { spawnOne } = proxyActivities<Activities>({ startToCloseTimeout: '1m' });
const { thirdBad } = proxyActivities<Activities>({ startToCloseTimeout: '1h' });
const ready = defineQuery<boolean>('ready');

/** What the same commands take as plain activities, one after the other: no ledger, no watching, no proof. */
export async function bareGoLive(commands: readonly (readonly string[])[]): Promise<void> {
  for (const argv of commands) await run(argv);
}

/** Waits for nothing but an abort, and runs the command. */
export async function bareSoak(argv: readonly string[]): Promise<void> {
  let aborted = false;
  setHandler(ready, () => true);
  setHandler(defineSignal('abort'), () => void (aborted = true));
  await condition(() => aborted);
  await run(argv);
}

/** Waits for nothing but the third bad answer, and runs the command. */
export async function bareWatch(url: string, argv: readonly string[]): Promise<void> {
  setHandler(ready, () => true);
  await thirdBad(url);
  await run(argv);
}

async function run(argv: readonly string[]): Promise<void> {
  if ((await spawnOne(argv)) !== 0) throw new Error(`${argv.join(' ')} failed`);
}
