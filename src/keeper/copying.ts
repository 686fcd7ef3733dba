import { announce, type AnnouncementOutlets } from '../activities/announcing/announcements.js';
import { commandLine } from '../activities/commands/command-line.js';
import { runReadOnly } from '../activities/commands/read-only-child.js';
import { copyAgainAt, copyIsDue } from '../domain/evidence/copy-due.js';
import type { DecidedRecord } from '../domain/evidence/record.js';
import { whatItSaid } from '../domain/commands/what-it-said.js';
import type { Plan } from '../domain/plan/plan.js';
import type { GoLiveInput } from '../domain/run/input.js';
import { environmentOf } from '../domain/run/workflow-id.js';
import type { Logger } from 'pino';
import { currentPlan, type PlanStore } from '../plans/plan-store.js';
import type { Environment } from '../plans/variables.js';
import { decidedIn } from '../journals/read-journals.js';
import { sizeOf, type EvidenceFolder } from './evidence-folders.js';
import type { KeptRun } from './kept-runs.js';

export interface CopyingOptions extends AnnouncementOutlets {
  readonly plans: PlanStore;
  /** Where `${VAR}` of the command resolves. */
  readonly environment: Environment;
  readonly log: Logger;
}

/** Takes the evidence of runs elsewhere, by the command of the plan that each is frozen to, and nothing else (promise 5). */
export class Copying {
  readonly #plans = new Map<string, { plan: Plan; input: GoLiveInput | undefined }>();

  constructor(private readonly around: CopyingOptions) {}

  /** Copies a run's evidence if that is due now. Returns how far it is then. @param now epoch milliseconds */
  async copy(of: EvidenceFolder, kept: KeptRun, now: number, signal: AbortSignal): Promise<KeptRun> {
    const frozen = await this.#planOf(of);
    const copy = frozen?.plan.evidence?.copy;
    if (!frozen || !copy) return kept.complete === undefined ? kept : { ...kept, done: true };
    const { bytes, begunAt } = await sizeOf(of.folder);
    if (!copyIsDue(kept, bytes, begunAt, now)) return kept;
    const why = await this.#run(of, frozen, signal);
    const { failing, ...rest } = kept;
    if (why === undefined) {
      if (failing) this.around.log.info(of, 'evidence is copied again');
      return { ...rest, copied: { at: now, bytes }, ...(kept.complete === undefined ? {} : { done: true }) };
    }
    this.around.log.warn({ ...of, why }, 'evidence can’t be copied; it is tried again');
    if (!failing) await this.#tell(of, why);
    const since = failing?.since ?? now;
    return { ...rest, failing: { since, next: copyAgainAt(since, now), why } };
  }

  /** What was in the way; undefined when the command exited 0. */
  async #run(
    { workflowId, folder }: EvidenceFolder,
    { plan, input }: { plan: Plan; input: GoLiveInput | undefined },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { environment } = this.around;
    const copy = plan.evidence?.copy;
    if (!copy) return undefined;
    const values = {
      environment: environmentOf(workflowId),
      ...(input ? { release: input.release, previousRelease: input.previousRelease } : {}),
    };
    try {
      const line = await commandLine(plan, copy, values, environment, undefined, folder);
      const end = await runReadOnly(line, copy.deadline, signal);
      if (end.kind === 'exited' && end.exitCode === 0) return undefined;
      const said = whatItSaid({ stdout: end.stdout, stderr: end.stderr });
      return [end.kind === 'failed' ? end.why : `exit ${end.exitCode}`, said].filter(Boolean).join(': ');
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof Error ? error.message : String(error);
    }
  }

  async #tell({ workflowId, folder }: EvidenceFolder, why: string): Promise<void> {
    const text = `The evidence of ${workflowId} can't be copied from ${folder}: ${why}. It is tried again; the go-live doesn't wait for it.`;
    await announce({ kind: 'message', text }, workflowId, this.around).catch((error: unknown) =>
      this.around.log.warn({ err: error, workflowId }, 'the message is not in the announcements file'),
    );
  }

  /** The plan the run is frozen to; one that nobody has here is as the playbook file has it now. Undefined when there is neither. */
  async #planOf({ workflowId, folder }: EvidenceFolder) {
    const known = this.#plans.get(folder);
    if (known) return known;
    const { plans, log } = this.around;
    const decided = await decidedIn(folder);
    const hash = find(decided, 'plan')?.hash;
    const input = find(decided, 'run')?.input as GoLiveInput | undefined;
    try {
      const frozen = hash === undefined ? undefined : await plans.load(hash).catch(() => undefined);
      const plan = frozen ?? (await currentPlan(plans.playbookFile, environmentOf(workflowId))).plan;
      const found = { plan, input };
      if (frozen) this.#plans.set(folder, found);
      return found;
    } catch (error) {
      log.debug({ err: error, workflowId }, 'no plan says where the evidence of this run is copied to');
      return undefined;
    }
  }
}

const find = <K extends DecidedRecord['kind']>(decided: readonly DecidedRecord[], kind: K) =>
  decided.find((each): each is Extract<DecidedRecord, { kind: K }> => each.kind === kind);
