import { condition } from '@temporalio/workflow';
import type { Alarm } from '../../domain/hypercare/heard-version.js';
import { shellWord } from '../../domain/text/shell-word.js';
import type { Run } from '../run/run.js';
import { hypercareOf } from './hypercare-record.js';

/** People are told, and asked, while what is live in hypercare isn't the release. Never returns; a cancelled scope ends it. */
export async function askAboutLiveVersion(run: Run): Promise<never> {
  const hypercare = hypercareOf(run);
  const now = () => hypercare.live.alarm;
  for (;;) {
    await condition(() => now()?.version !== hypercare.accepted);
    const alarm = now();
    hypercare.accept(undefined);
    if (!alarm) continue;
    const decision = await run.askUntil(
      { id: 'live-version', reason: reason(run, alarm), choices: ['go-on', run.wayOut()] },
      () => now()?.version !== alarm.version,
    );
    if (decision && decision.choice !== 'go-on') run.leave(decision);
    if (decision) hypercare.accept(alarm.version);
  }
}

function reason({ input }: Run, { kind, version }: Alarm): string {
  const { environment, release, previousRelease } = input;
  return kind === 'foreign'
    ? `${version} is live, which is neither ${release} nor ${previousRelease}. If it is a hotfix, tell golive with "golive supersede ${environment} --release ${shellWord(version)}": it ends this hypercare. Until then no trigger rolls back by itself, each asks.`
    : `${version} is live again, and golive has not rolled back: somebody has taken ${release} back by hand. "roll-back" does it by the playbook and proves it; "abort" ends this hypercare the same way.`;
}
