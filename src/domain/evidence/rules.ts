import type { CommandEnd } from '../commands/command.js';
import { succeeded } from '../commands/command.js';
import { externalDeadline, firingText, type ExternalAlerts } from '../alerts/external-alerts.js';
import type { Freezing } from '../freeze/freeze-window.js';
import { ruleOnFreeze, type FreezeRuling } from '../freeze/freeze-ruling.js';
import { exitCriteria, type Criterion, type ExitFacts } from '../hypercare/exit-criteria.js';
import type { Plan } from '../plan/plan.js';
import { isExternal, type TriggerAction } from '../plan/playbook/trigger.js';
import type { Soak } from '../plan/playbook.js';
import { approvalRefusal, type Approval, type Proposal } from '../rollback/restore-approval.js';
import {
  isAboutData,
  restoreRuling,
  type KnownOfData,
  type Moment,
  type Ruling,
} from '../rollback/restore-proposed.js';
import { whatFailed, whatIsBad } from '../run/findings.js';
import type { GoLiveInput } from '../run/input.js';
import type { Finding } from '../run/status.js';
import type { SmokeEvidence } from '../smoke/smoke-evidence.js';
import { smokeVerdict, type SmokeVerdict } from '../smoke/smoke-report.js';
import { soakVerdict, type Sight, type SoakVerdict } from '../watching/soak.js';
import { WatchState, type WatchedChecks } from '../watching/watch-state.js';
import type { Firing, Segment } from '../watching/segment.js';

interface Findings {
  readonly findings: readonly Finding[];
}

/**
 * The rules by which a run decides, by name: pure functions of inputs that are plain data, and of the frozen plan. A run decides through them
 * (`src/workflows/run/evidence.ts`), so that what it has decided can be decided again from its evidence. Moments are epoch milliseconds.
 */
export const RULES = {
  /** A watch takes a report: what fires (playbook §4), and what it knows from then on. */
  report(
    { known, segment, seenTo, now }: { known: WatchedChecks; segment: Segment; seenTo: number; now: number },
    plan: Plan,
  ): { fired: readonly Firing[]; known: WatchedChecks } {
    const after = { ...known };
    return { fired: new WatchState(after, plan).take(segment, seenTo, now), known: after };
  },

  /** Whether an alert from outside has lasted for its trigger's time, and since when it fires. */
  alert(
    { alerts, trigger: name, now }: { alerts: ExternalAlerts; trigger: string; now: number },
    plan: Plan,
  ): { fires: boolean; detail: string } {
    const trigger = plan.triggers.filter(isExternal).find((each) => each.name === name);
    const due = trigger && externalDeadline(alerts, trigger);
    return {
      fires: due !== undefined && due <= now,
      detail: (trigger && firingText(alerts, trigger, now)) ?? 'fires',
    };
  },

  /** What a trigger that fires does. `foreign`: a version is live that is none of this go-live's releases. An advisory one does nothing then, too. */
  trigger({ trigger: name, foreign }: { trigger: string; foreign?: string }, plan: Plan): TriggerAction {
    const action = plan.triggers.find((each) => each.name === name)?.action ?? 'rollback';
    return foreign !== undefined && action === 'rollback' ? 'ask' : action;
  },

  /** How a soak stands (playbook §2.3). */
  soak({
    soak,
    startedAt,
    now,
    sights,
  }: {
    stage: string;
    soak: Soak;
    startedAt: number;
    now: number;
    sights: readonly Sight[];
  }): SoakVerdict {
    return soakVerdict(soak, startedAt, now, sights);
  },

  /** Whether a person's wish to end a soak early is followed. */
  promotion({ against }: { stage: string; by: string; against: readonly string[] }): boolean {
    return against.length === 0;
  },

  /** What keeps a go-live from beginning (playbook §1), or nothing. */
  preflight({ findings }: Findings): { failed: string | null } {
    return { failed: whatFailed(findings) ?? null };
  },

  /** What the verification (playbook §3) rolls back for, or nothing. */
  verification({ findings }: Findings): { bad: string | null } {
    return { bad: whatIsBad(findings) ?? null };
  },

  /** What is missing for the proof of a rollback (playbook §5.4), or nothing. */
  proof({ findings }: Findings): { missing: string | null } {
    return { missing: whatFailed(findings.filter((each) => !isAboutData(each))) ?? null };
  },

  /** Whether a command has done its work. */
  command({ end }: { step: string; generation: number; end: CommandEnd }): boolean {
    return succeeded(end);
  },

  /** What the critical smoke says (playbook §3.2). */
  smoke({ end, evidence, everyArea }: { end: CommandEnd; evidence: SmokeEvidence; everyArea: boolean }): SmokeVerdict {
    return smokeVerdict(end, evidence, everyArea);
  },

  /** Whether the incident leads are asked about a restore (playbook §5.3); null while that isn't decided. */
  restore({ moment, known }: { moment: Moment; known: KnownOfData }, plan: Plan): Ruling | null {
    return restoreRuling(moment, known, plan) ?? null;
  },

  /** Why an approval of a restore doesn't count, or nothing. Its signature is looked at on the host. */
  approval(
    {
      approval,
      proposal,
      environment,
      now,
    }: { approval: Approval; proposal: Proposal; environment: string; now: number },
    plan: Plan,
  ): { refused: string | null } {
    const { restore } = plan.rollback;
    return {
      refused: (restore && approvalRefusal(approval, proposal, restore, environment, now)) ?? null,
    };
  },

  /** Whether a go-live may begin, as far as freeze windows go. */
  freeze({ freezing, input, at }: { freezing: Freezing; input: GoLiveInput; at: number }): FreezeRuling {
    return ruleOnFreeze(freezing, input, at);
  },

  /** The exit criteria of hypercare as they stood when it ended. */
  exit({ facts }: { facts: Omit<ExitFacts, 'plan'> }, plan: Plan): Criterion[] {
    return exitCriteria({ ...facts, plan });
  },
};

export type Rule = keyof typeof RULES;
export type Inputs<R extends Rule> = Parameters<(typeof RULES)[R]>[0];
export type Verdict<R extends Rule> = ReturnType<(typeof RULES)[R]>;

/** Decides by a rule. */
export function ruled<R extends Rule>(rule: R, inputs: Inputs<R>, plan: Plan): Verdict<R> {
  return (RULES[rule] as (inputs: Inputs<R>, plan: Plan) => Verdict<R>)(inputs, plan);
}
