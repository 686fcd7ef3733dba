import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { describeEnd } from '../../domain/commands/command.js';
import { errorSaid } from '../../domain/commands/what-it-said.js';
import type { Soak, Stage } from '../../domain/plan/playbook.js';
import { deployStep } from '../../domain/plan/plan.js';
import type { SoakVerdict } from '../../domain/watching/soak.js';
import { isDeployed } from '../../domain/run/course.js';
import type { StageTimes } from '../../domain/run/status.js';
import { iso } from '../../domain/time/iso.js';
import { proofs } from '../activities.js';
import { decide } from '../run/evidence.js';
import type { Run } from '../run/run.js';
import { Stopped } from '../run/stopped.js';

/** One stage of playbook §2: its gate, what people are told, its deploy command, the proof that its release answers, and the soak after it. */
export async function rollOut(run: Run, stage: Stage): Promise<void> {
  await run.mayGoOn();
  await passGate(run, stage);
  // A gate may have been open for long.
  await run.mayGoOn();
  tellBeginning(run, stage);
  await deploy(run, stage);
  run.watches.rules();
  if (stage.soak) await soak(run, stage, stage.soak);
  run.stage(stage.name, 'done');
}

/** A stage with a gate waits until a person lets it go. */
async function passGate(run: Run, { name, gate }: Stage): Promise<void> {
  if (gate === undefined) return;
  run.stage(name, 'waiting at its gate');
  const decision = await run.ask({ id: `gate-${name}`, reason: gate, choices: ['go', run.wayOut()] });
  if (decision.choice !== 'go') run.leave(decision);
}

/** Playbook §6 A and B: the first stage is the go-live's start; with the second it goes on beyond a healthy canary. */
function tellBeginning(run: Run, stage: Stage): void {
  const [canary, next] = run.plan.stages;
  if (stage === canary) {
    stillClean(run);
    const { freezeOverride } = run.state.beginning;
    run.announce('started');
    if (freezeOverride !== undefined) run.announce('freezeOverridden', { reason: freezeOverride });
  }
  if (stage === next) run.announce('canaryHealthy');
}

/** Attestations and a gate may have taken hours: what was clean in the preflight has to be clean when the first deploy begins. */
function stillClean({ watches }: Run): void {
  const failing = watches.failing();
  if (failing.length > 0)
    throw new Stopped({ kind: 'failure', reason: `no longer clean: ${failing.join('; ')}`, by: 'preflight' });
}

async function deploy(run: Run, stage: Stage): Promise<void> {
  const { commands, planHash, input } = run;
  const deploying = { is: 'rolling-out', stage: stage.name, part: 'deploying' } as const;
  run.enter({ ...deploying, deployed: isDeployed(run.state.course) }, `deploying ${stage.name}`);
  run.stage(stage.name, 'deploying', undefined, { deadline: iso(Date.now() + stage.deadline + stage.answersWithin) });
  // The way back is opened before the way forward is taken: a rollback then has nothing to write first.
  await commands.authorise(deployStep(stage), 'rollback');
  run.become({ ...deploying, deployed: true });
  const report = await commands.run(deployStep(stage));
  if (!decide('command', { step: report.step, generation: report.generation, end: report.end }, run.plan)) {
    const why = `${describeEnd(report.end)}${report.end.kind === 'exited' ? `: ${errorSaid(report)}` : ''}`;
    run.stage(stage.name, 'failed', why);
    throw new Stopped({ kind: 'failure', reason: `deploy ${stage.name} failed, ${why}`, by: 'deploy' });
  }
  const answers = await commands.look(`see whether ${stage.name} answers`, () =>
    proofs.awaitRelease({ planHash, stage: stage.name, release: input.release }),
  );
  run.record(`${answers.state} ${answers.name}: ${answers.detail}`);
  const said = { answers: answers.detail };
  if (answers.state === 'fail') {
    run.stage(stage.name, 'failed', answers.detail, said);
    throw new Stopped({
      kind: 'failure',
      reason: `deploy ${stage.name} exited 0, but its release doesn't answer: ${answers.detail}`,
      by: 'deploy',
    });
  }
  run.stage(stage.name, 'deploying', undefined, said);
}

/** Playbook §2.3: "wait 5–10 minutes and monitor". Ends by itself only with readings that say so; at `max` people decide. */
async function soak(run: Run, stage: Stage, soak: Soak): Promise<void> {
  const { watches, steering, state } = run;
  run.enter({ is: 'rolling-out', stage: stage.name, part: 'soaking', deployed: true }, `soaking ${stage.name}`);
  const own = stage.targets.length > 0 ? watches.stage(stage) : undefined;
  let startedAt = Date.now();
  let freedAt = startedAt;
  /** After a pause there is time for one more `settle`: what nobody asked for meanwhile makes no question of it. */
  const longest = () => Math.max(soak.max, freedAt + soak.settle - startedAt);
  const now = () =>
    decide(
      'soak',
      { stage: stage.name, soak: { ...soak, max: longest() }, startedAt, now: Date.now(), sights: watches.sights },
      run.plan,
    );
  const times = () => ({
    since: iso(startedAt),
    due: iso(startedAt + soak.min),
    deadline: iso(startedAt + longest()),
  });
  try {
    for (;;) {
      const verdict = now();
      const { waitsForPeople } = run;
      const { reports } = watches;
      if (promotedByHand(run, stage)) return;
      if (waitsForPeople !== undefined) {
        // It goes on being watched until the next step may begin: what was clean hours ago promotes nothing.
        const why = `${verdict.kind === 'promote' ? 'clean' : verdict.why}; ${waitsForPeople}`;
        run.stage(stage.name, 'soaking', why, times());
        watches.nextMoment = undefined;
        await condition(() => watches.reports > reports || run.waitsForPeople === undefined);
        freedAt = Date.now();
        if (run.waitsForPeople === undefined) await condition(() => watches.heardSince(freedAt));
        freedAt = Date.now();
        continue;
      }
      if (verdict.kind === 'promote') return;
      run.stage(stage.name, 'soaking', verdict.why, times());
      if (verdict.kind === 'wait') {
        watches.nextMoment = verdict.reports ? undefined : verdict.until;
        await condition(() => watches.reports > reports, Math.max(1, verdict.until - Date.now()), {
          summary: `soak of ${stage.name}`,
        });
        continue;
      }
      if (state.promotion) steering.promoted([`the soak of ${stage.name} is at its maximum and waits for an answer`]);
      const asked = new CancellationScope();
      void asked
        .run(() => keepTelling(run, stage, now, times()))
        .catch((error: unknown) => {
          if (!isCancellation(error)) throw error;
        });
      const decision = await run
        .ask({
          id: `soak-${stage.name}`,
          reason: `The soak of ${stage.name} is at its maximum and not clean: ${verdict.why}.`,
          choices: ['extend', 'promote', 'roll-back'],
        })
        .finally(() => asked.cancel());
      if (decision.choice === 'roll-back') run.leave(decision);
      if (decision.choice === 'promote') return;
      startedAt = Date.now();
    }
  } finally {
    watches.nextMoment = undefined;
    state.promotion = undefined;
    if (own) watches.end(own);
  }
}

/** Somebody wants this soak to end early, and the reports that came after that have nothing against it. */
function promotedByHand(run: Run, stage: Stage): boolean {
  const { steering, watches, state, waitsForPeople } = run;
  const { promotion } = state;
  if (!promotion || !watches.heardSince(promotion.at)) return false;
  const against = [
    ...(waitsForPeople === undefined ? [] : [waitsForPeople]),
    ...watches.sights.flatMap((sight) => sight.against),
  ];
  steering.promoted(against);
  return decide('promotion', { stage: stage.name, by: promotion.by, against }, run.plan);
}

/** Whoever decides about a soak sees how it stands now, not how it stood when the question was asked. */
async function keepTelling(run: Run, stage: Stage, verdict: () => SoakVerdict, times: StageTimes): Promise<never> {
  for (;;) {
    const { reports } = run.watches;
    await condition(() => run.watches.reports > reports);
    const now = verdict();
    run.stage(stage.name, 'soaking', now.kind === 'promote' ? 'clean by now' : now.why, times);
  }
}
