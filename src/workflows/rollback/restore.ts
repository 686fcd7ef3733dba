import {
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { deepest } from '../../domain/text/deepest.js';
import { formatDuration } from '../../domain/time/duration.js';
import type { Decision } from '../../domain/people/hold.js';
import {
  approvalRefusal,
  approvalText,
  readApproval,
  type Approval,
  type Proposal,
} from '../../domain/rollback/restore-approval.js';
import type { Moment } from '../../domain/rollback/restore-proposed.js';
import { lossText, termsText, type Backup, type RestoreStatus } from '../../domain/rollback/restore-status.js';
import { causeText } from '../../domain/run/cause.js';
import { stopOf } from '../../domain/run/course.js';
import type { Restore as RestorePlan } from '../../domain/plan/playbook.js';
import type { RestoreState } from '../../domain/run/run-state.js';
import { signatures } from '../activities.js';
import { decide } from '../run/evidence.js';
import type { RestorePort } from '../run/ports.js';
import type { Run } from '../run/run.js';
import { Stopped } from '../run/stopped.js';

const HOLD = 'restore';

/**
 * The question whether data are restored (playbook §5.3: "only after incident lead approval"). It is asked beside the rollback, never in front of it;
 * an approval counts only from one of the plan's leads, signed where the plan says so, and silence is a no.
 */
export class Restore implements RestorePort {
  #asking: CancellationScope | undefined;

  constructor(private readonly run: Run) {}

  get proposal(): Proposal {
    if (!this.#state.proposal) throw new Error('No restore was proposed.');
    return this.#state.proposal;
  }

  get isApproved(): boolean {
    return this.#status?.state === 'approved';
  }

  keep(backup: NonNullable<RestoreState['backup']>): void {
    this.#state = { ...this.#state, backup };
  }

  /** Asks the leads, without waiting for their answer, if the doubts say so. Once. */
  async consider(moment: Moment): Promise<void> {
    const { plan, doubts } = this.run;
    if (!plan.rollback.restore || this.#status) return;
    const detail = doubts.whyNotAsked();
    const ruling = decide('restore', { moment, known: doubts.known() }, plan);
    if (ruling?.proposed) await this.#propose(plan.rollback.restore, ruling.why);
    else if (ruling && detail !== undefined) this.#set({ state: 'not proposed', detail });
  }

  /** Reads the backup and asks the leads again, without waiting for their answer. */
  async proposeAgain(): Promise<void> {
    const { restore } = this.run.plan.rollback;
    if (restore) await this.#propose(restore, 'the restore before did not succeed');
  }

  async #propose(restore: RestorePlan, why: string): Promise<void> {
    const { input } = this.run;
    const { backup } = this.#state;
    if (!backup)
      return this.#set({
        state: 'not proposed',
        detail: `no backup is known${input.rollback ? ': start a rollback with its manifest to be asked (--manifest PATH)' : ''}`,
      });
    const { manifest, madeAt } = backup;
    const read = await this.read(manifest);
    if ('unreadable' in read)
      return this.#set({ state: 'not proposed', detail: `the backup ${manifest} can't be read: ${read.unreadable}` });
    const { workflowId, firstExecutionRunId } = workflowInfo();
    const proposal: Proposal = {
      ...read,
      ...(madeAt === undefined ? {} : { madeAt }),
      workflowId,
      runId: firstExecutionRunId,
      until: new Date(Date.now() + restore.askFor).toISOString(),
    };
    this.#state = { ...this.#state, proposal };
    const detail = `The backup ${proposal.name} (${proposal.manifest}) was ${lossText(proposal.madeAt, Date.now())}.`;
    this.#set({ state: 'proposed', ...this.#backup(), detail, askedUntil: proposal.until });
    const terms = termsText(restore.leads, restore.askFor);
    this.run.announce('restoreProposed', { detail: `${detail} ${terms}` });
    this.#asking = new CancellationScope();
    void this.#asking.run(() => this.#ask(`${terms} Why you are asked: ${why}. ${detail}`, restore.askFor));
  }

  /** The backup as it is now on the host that has it. */
  async read(manifest: string): Promise<Backup | { readonly unreadable: string }> {
    const { commands, planHash } = this.run;
    try {
      return await commands.onAnyHost('read the backup', (activities) => activities.readBackup({ planHash, manifest }));
    } catch (error) {
      if (error instanceof Stopped) throw error;
      return { unreadable: deepest(error) };
    }
  }

  /** Returns when nobody is asked any more, whatever was said. */
  async answered(): Promise<void> {
    await condition(() => this.#status?.state !== 'proposed');
  }

  /** Refuses an approval that can't count, without looking at its signature. */
  validate(raw: unknown): void {
    this.#accepted(raw);
  }

  /** The update `approveRestore`. Throws, and leaves the question open, when the approval doesn't count. */
  async approve(raw: unknown): Promise<string> {
    const approval = this.#accepted(raw);
    const signed = this.run.plan.rollback.restore?.signers !== undefined;
    if (signed) {
      // Also when the workflow was cancelled, which is an abort like any other.
      await CancellationScope.nonCancellable(() => this.#verify(approval));
      // Looking at a signature takes time: it may be over, or somebody was faster.
      this.#accepted(raw);
    }
    decide(
      'approval',
      { approval, proposal: this.proposal, environment: this.run.input.environment, now: Date.now() },
      this.run.plan,
    );
    const { by, reason } = approval;
    this.#set({ ...this.#known(), state: 'approved', detail: reason, by, reason, signed });
    this.run.holds.decide({ hold: HOLD, choice: 'approve', by, reason });
    return `the restore of ${this.proposal.name} is approved by ${by}: the drill runs as soon as the rollback lets it, then ${this.#ownRestore() ? 'the restore, then ' : ''}everything is proven again`;
  }

  /** How an approved restore came out. */
  came(state: 'drilled' | 'restored' | 'failed', detail: string): void {
    if (state === 'restored') this.#setRan(undefined);
    else if (this.#ran !== undefined) this.#setRan(detail);
    this.#set({ ...this.#known(), state, detail });
    this.run.announce(
      state === 'restored' ? 'restored' : this.#ran === undefined ? 'restoreRefused' : 'restoreFailed',
      { detail },
    );
  }

  /** The restore command is about to run: from now on nothing hides that it did, unless it succeeds. */
  begins(): void {
    this.#setRan('nobody knows how it ended');
  }

  /** Takes the question back, because the run ends. */
  close(why: string): void {
    this.#asking?.cancel();
    if (!this.#status || !['proposed', 'approved'].includes(this.#status.state)) return;
    const { by: _, reason: __, ...known } = this.#status;
    void [_, __];
    this.#set({ ...known, state: this.#ran === undefined ? 'declined' : 'failed', detail: why });
  }

  get #state(): RestoreState {
    return this.run.state.restore;
  }

  set #state(state: RestoreState) {
    this.run.state.restore = state;
  }

  get #status(): RestoreStatus | undefined {
    return this.#state.status;
  }

  /** What became of a restore command that did not succeed. */
  get #ran(): string | undefined {
    return this.#state.ran;
  }

  #setRan(ran: string | undefined): void {
    this.#state = { ...this.#state, ran };
  }

  async #ask(about: string, askFor: number): Promise<void> {
    const { input, plan, state } = this.run;
    const stop = stopOf(state.course);
    const { leads = [], signers } = plan.rollback.restore ?? {};
    const effect = this.#ownRestore()
      ? 'An approval runs the restore drill, and the restore if the drill passes'
      : 'An approval runs the restore drill; this plan has no restore of its own after it';
    const hold = {
      id: HOLD,
      reason: `Restore data after the rollback (${stop && causeText(stop)})? ${about} ${effect}.`,
      choices: ['decline'],
      by: leads,
      answers: [
        `golive restore ${input.environment} --approve${signers === undefined ? '' : ' --key ~/.ssh/id_ed25519'}`,
        `golive restore ${input.environment} --decline`,
      ],
    };
    try {
      const silence = sleep(askFor, { summary: 'silence about a restore is a no' }).then(() => undefined);
      this.#answer(await Promise.race([this.run.ask<string>(hold), silence]), askFor);
    } catch (error) {
      // Taken back: whoever did that has said why.
      if (!isCancellation(error)) throw error;
    } finally {
      this.#asking?.cancel();
    }
  }

  #answer(decision: Decision | undefined, askFor: number): void {
    if (decision?.choice === 'approve') return;
    const told = decision
      ? { by: decision.by, reason: decision.reason, detail: decision.reason }
      : { detail: `nobody answered within ${formatDuration(askFor)}` };
    this.#set({ ...this.#known(), state: 'declined', ...told });
    this.run.announce('restoreRefused', {
      detail: decision ? `${decision.by} declined: ${decision.reason}` : told.detail,
    });
  }

  #accepted(raw: unknown): Approval {
    const refuse = (why: string) => ApplicationFailure.nonRetryable(why, 'RefusedApproval');
    const approval = readApproval(raw);
    if ('refused' in approval) throw refuse(approval.refused);
    if (!this.run.holds.awaits(HOLD)) throw refuse(this.#whyNotAsked());
    const { restore } = this.run.plan.rollback;
    const refusal =
      restore && approvalRefusal(approval, this.proposal, restore, this.run.input.environment, Date.now());
    if (refusal !== undefined) throw refuse(refusal);
    return approval;
  }

  #whyNotAsked(): string {
    if (!this.#status)
      return 'No restore is proposed: that comes as soon as a rollback command has succeeded, if the plan has rollback.restore.';
    const { state, by, detail } = this.#status;
    return `No restore waits for an approval: it is ${state}${by === undefined ? '' : ` by ${by}`} (${detail}).`;
  }

  async #verify(approval: Approval): Promise<void> {
    const { planHash, commands } = this.run;
    const { by, signature = '' } = approval;
    const refuse = (why: string) =>
      ApplicationFailure.nonRetryable(
        `The approval doesn't count: ${why}. The question stays open.`,
        'RefusedApproval',
      );
    const { host } = commands;
    if (host === undefined) throw refuse('no host has taken this run');
    const { refused } = await signatures(host)
      .verifyApproval({ planHash, by, text: approvalText(this.proposal, approval), signature })
      .catch((error: unknown) => {
        if (isCancellation(error)) throw error;
        return { refused: 'no worker on the host that has the backup could look at its signature' };
      });
    if (refused !== undefined) throw refuse(refused);
  }

  #ownRestore(): boolean {
    return this.run.plan.rollback.restore?.restore !== undefined;
  }

  #backup(): Pick<Proposal, 'manifest' | 'name' | 'sha256' | 'madeAt' | 'runId'> {
    const { manifest, name, sha256, madeAt, runId } = this.proposal;
    return { manifest, name, sha256, madeAt, runId };
  }

  /** What stays known of the question when it is answered. */
  #known(): Omit<RestoreStatus, 'state' | 'detail'> {
    const { by, reason, signed } = this.#status ?? {};
    return {
      ...this.#backup(),
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
      ...(signed === undefined ? {} : { signed }),
    };
  }

  #set(told: RestoreStatus): void {
    const status = { ...told, ...(this.#ran === undefined ? {} : { ran: this.#ran }) };
    this.#state = { ...this.#state, status };
    this.run.record(`restore ${status.state}${status.by === undefined ? '' : ` by ${status.by}`}: ${status.detail}`);
    this.run.changed();
  }
}
