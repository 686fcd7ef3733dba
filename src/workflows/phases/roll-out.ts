import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { describeEnd, succeeded } from '../../domain/commands/command.js';
import { errorSaid } from '../../domain/commands/what-it-said.js';
import type { Soak, Stage } from '../../domain/plan/playbook.js';
import { deployStep } from '../../domain/plan/plan.js';
import { soakVerdict, type SoakVerdict } from '../../domain/watching/soak.js';
import { proofs } from '../activities.js';
import type { GoLive } from '../run/go-live.js';
import { Stopped } from '../run/stopped.js';

/** A stage with a gate waits until a person lets it go. */
export async function passGate(goLive: GoLive, { name, gate }: Stage): Promise<void> {
  if (gate === undefined) return;
  goLive.stage(name, 'waiting at its gate');
  const decision = await goLive.holds.ask({ id: `gate-${name}`, reason: gate, choices: ['go', goLive.wayOut()] });
  if (decision.choice !== 'go') goLive.leave(decision);
}

/** One stage of playbook §2: its deploy command, the proof that its release answers, and the soak after it. */
export async function rollOut(goLive: GoLive, stage: Stage): Promise<void> {
  await deploy(goLive, stage);
  goLive.watchRules();
  if (stage.soak) await soak(goLive, stage, stage.soak);
  goLive.stage(stage.name, 'done');
}

async function deploy(goLive: GoLive, stage: Stage): Promise<void> {
  const { commands, planHash, input } = goLive;
  goLive.enter('deploying', `deploying ${stage.name}`);
  goLive.stage(stage.name, 'deploying');
  // The way back is opened before the way forward is taken: a rollback then has nothing to write first.
  await commands.authorise(deployStep(stage), 'rollback');
  goLive.deploying = true;
  const report = await commands.run(deployStep(stage));
  if (!succeeded(report.end)) {
    const why = `${describeEnd(report.end)}${report.end.kind === 'exited' ? `: ${errorSaid(report)}` : ''}`;
    goLive.stage(stage.name, 'failed', why);
    throw new Stopped({ kind: 'failure', reason: `deploy ${stage.name} failed, ${why}`, by: 'deploy' });
  }
  const answers = await commands.look(`see whether ${stage.name} answers`, () =>
    proofs.awaitRelease({ planHash, stage: stage.name, release: input.release }),
  );
  goLive.record(`${answers.state} ${answers.name}: ${answers.detail}`);
  if (answers.state === 'fail') {
    goLive.stage(stage.name, 'failed', answers.detail);
    throw new Stopped({
      kind: 'failure',
      reason: `deploy ${stage.name} exited 0, but its release doesn't answer: ${answers.detail}`,
      by: 'deploy',
    });
  }
}

/** Playbook §2.3: "wait 5–10 minutes and monitor". Ends by itself only with readings that say so; at `max` people decide. */
async function soak(goLive: GoLive, stage: Stage, soak: Soak): Promise<void> {
  const { watching, steering } = goLive;
  goLive.enter('soaking', `soaking ${stage.name}`);
  const own = stage.targets.length > 0 ? watching.stage(stage) : undefined;
  let startedAt = Date.now();
  let freedAt = startedAt;
  /** After a pause there is time for one more `settle`: what nobody asked for meanwhile makes no question of it. */
  const now = () =>
    soakVerdict(
      { ...soak, max: Math.max(soak.max, freedAt + soak.settle - startedAt) },
      startedAt,
      Date.now(),
      watching.sights,
    );
  try {
    for (;;) {
      const verdict = now();
      const { waitsForPeople } = goLive;
      const { reports } = watching;
      if (promotedByHand(goLive)) return;
      if (waitsForPeople !== undefined) {
        // It goes on being watched until the next step may begin: what was clean hours ago promotes nothing.
        goLive.stage(stage.name, 'soaking', `${verdict.kind === 'promote' ? 'clean' : verdict.why}; ${waitsForPeople}`);
        watching.nextMoment = undefined;
        await condition(() => watching.reports > reports || goLive.waitsForPeople === undefined);
        freedAt = Date.now();
        if (goLive.waitsForPeople === undefined) await condition(() => watching.heardSince(freedAt));
        freedAt = Date.now();
        continue;
      }
      if (verdict.kind === 'promote') return;
      goLive.stage(stage.name, 'soaking', verdict.why);
      if (verdict.kind === 'wait') {
        watching.nextMoment = verdict.reports ? undefined : verdict.until;
        await condition(() => watching.reports > reports, Math.max(1, verdict.until - Date.now()), {
          summary: `soak of ${stage.name}`,
        });
        continue;
      }
      if (steering.promotion)
        steering.promoted([`the soak of ${stage.name} is at its maximum and waits for an answer`]);
      const asked = new CancellationScope();
      void asked
        .run(() => keepTelling(goLive, stage, now))
        .catch((error: unknown) => {
          if (!isCancellation(error)) throw error;
        });
      const decision = await goLive.holds
        .ask({
          id: `soak-${stage.name}`,
          reason: `The soak of ${stage.name} is at its maximum and not clean: ${verdict.why}.`,
          choices: ['extend', 'promote', 'roll-back'],
        })
        .finally(() => asked.cancel());
      if (decision.choice === 'roll-back') goLive.leave(decision);
      if (decision.choice === 'promote') return;
      startedAt = Date.now();
    }
  } finally {
    watching.nextMoment = undefined;
    steering.promotion = undefined;
    if (own) watching.end(own);
  }
}

/** Somebody wants this soak to end early, and the reports that came after that have nothing against it. */
function promotedByHand({ steering, watching, waitsForPeople }: GoLive): boolean {
  if (!steering.promotion || !watching.heardSince(steering.promotion.at)) return false;
  const against = [
    ...(waitsForPeople === undefined ? [] : [waitsForPeople]),
    ...watching.sights.flatMap((sight) => sight.against),
  ];
  steering.promoted(against);
  return against.length === 0;
}

/** Whoever decides about a soak sees how it stands now, not how it stood when the question was asked. */
async function keepTelling(goLive: GoLive, stage: Stage, verdict: () => SoakVerdict): Promise<never> {
  for (;;) {
    const { reports } = goLive.watching;
    await condition(() => goLive.watching.reports > reports);
    const now = verdict();
    goLive.stage(stage.name, 'soaking', now.kind === 'promote' ? 'clean by now' : now.why);
  }
}
