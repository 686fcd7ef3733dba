import { proxyActivities } from '@temporalio/workflow';

const { spawnOne } = proxyActivities<{ spawnOne(argv: readonly string[]): Promise<number> }>({
  startToCloseTimeout: '1m',
});

/** What the same commands take as plain activities, one after the other: no ledger, no watching, no proof. */
export async function bareGoLive(commands: readonly (readonly string[])[]): Promise<void> {
  for (const argv of commands) if ((await spawnOne(argv)) !== 0) throw new Error(`${argv.join(' ')} failed`);
}
