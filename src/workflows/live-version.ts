import { CancellationScope, condition } from '@temporalio/workflow';
import type { Alarm } from '../domain/heard-version.js';
import type { GoLive } from './go-live.js';
import { untilCancelled } from './until-cancelled.js';

/** People are told, and asked, while what is live in hypercare isn't the release. Never returns; a cancelled scope ends it. */
export async function askAboutLiveVersion(goLive: GoLive): Promise<never> {
  const { hypercare } = goLive;
  const now = () => hypercare.live.alarm;
  for (;;) {
    await condition(() => now()?.version !== hypercare.accepted);
    const alarm = now();
    hypercare.accept(undefined);
    if (!alarm) continue;
    const asked = new CancellationScope();
    const answer = asked.run(() => goLive.holds.ask({ id: 'live-version', reason: reason(goLive, alarm), choices: ['go-on', goLive.wayOut()] }));
    const decision = await Promise.race([untilCancelled(answer), condition(() => now()?.version !== alarm.version).then(() => undefined)]).finally(() => asked.cancel());
    if (decision && decision.choice !== 'go-on') goLive.leave(decision);
    if (decision) hypercare.accept(alarm.version);
  }
}

function reason({ input }: GoLive, { kind, version }: Alarm): string {
  const { environment, release, previousRelease } = input;
  return kind === 'foreign'
    ? `${version} is live, which is neither ${release} nor ${previousRelease}. If it is a hotfix, tell golive with "golive supersede ${environment}": it ends this hypercare. Until then no trigger rolls back by itself, each asks.`
    : `${version} is live again, and golive has not rolled back: somebody has taken ${release} back by hand. "roll-back" does it by the playbook and proves it; "abort" ends this hypercare the same way.`;
}
