import { succeeded } from '../commands/command.js';
import { canonicalText, deployStep } from '../plan/plan.js';
import type { Course } from '../run/course.js';
import type { Stop } from '../run/status.js';
import type { DecidedRecord, SeenRecord } from './record.js';
import type { Inputs, Rule, Verdict } from './rules.js';

/** Something that a run did, and that nothing on record before it accounts for. */
export interface Unaccounted {
  /** When, ISO. */
  readonly at: string;
  readonly text: string;
}

/**
 * Goes through what a go-live has decided, in its order, and says which steps have no decision before them: a stage left without a promotion, a stop by a
 * trigger that didn't fire, an end without its proof. One run may be continued by the next; these are the records of all.
 */
export function unaccounted(records: readonly DecidedRecord[]): Unaccounted[] {
  const known: Known = { verdicts: [], answers: [], told: [], course: undefined };
  return records.flatMap((record): Unaccounted[] => {
    switch (record.kind) {
      case 'verdict':
        known.verdicts.push(record);
        return [];
      case 'hold':
        if (record.state === 'answered') known.answers.push(record);
        return [];
      case 'told':
        known.told.push(record.name);
        return [];
      case 'stop':
        return said(record.at, stopNeeds(record.stop, known));
      case 'course': {
        const missing = said(record.at, courseNeeds(record.course, known));
        known.course = record.course;
        return missing;
      }
      case 'end': {
        const { course } = known;
        const { outcome } = record.result;
        return course?.is === 'ended' && course.outcome === outcome
          ? []
          : said(record.at, `its result says ${outcome}, and its course never came there`);
      }
      default:
        return [];
    }
  });
}

/** The verdicts on commands whose end is not the one that the host has seen, where what it has seen is here. */
export function commandsOtherwise(decided: readonly DecidedRecord[], seen: readonly SeenRecord[]): Unaccounted[] {
  const ends = new Map(
    seen.flatMap((each) => (each.kind === 'command' ? [[`${each.step}.${each.generation}`, each.end] as const] : [])),
  );
  return decided.flatMap((record): Unaccounted[] => {
    if (!isOf(record, 'command')) return [];
    const { step, generation, end } = record.inputs;
    const onHost = ends.get(`${step}.${generation}`);
    return !onHost || succeeded(onHost) === succeeded(end)
      ? []
      : said(
          record.at,
          `the run was told that ${step}.${generation} ended as ${canonicalText(end)}, its host has seen ${canonicalText(onHost)}`,
        );
  });
}

type Of<K extends DecidedRecord['kind']> = Extract<DecidedRecord, { kind: K }>;
interface Known {
  readonly verdicts: Of<'verdict'>[];
  readonly answers: Of<'hold'>[];
  readonly told: string[];
  course: Course | undefined;
}

const said = (at: string, text: string | undefined): Unaccounted[] => (text === undefined ? [] : [{ at, text }]);

type Verdicts<R extends Rule> = Of<'verdict'> & { readonly inputs: Inputs<R>; readonly outcome: Verdict<R> };
const isOf = <R extends Rule>(record: DecidedRecord, rule: R): record is Verdicts<R> =>
  record.kind === 'verdict' && record.rule === rule && typeof record.inputs === 'object' && record.inputs !== null;

/** Whether a rule has said so before. */
const hasRuled = <R extends Rule>({ verdicts }: Known, rule: R, so: (verdict: Verdicts<R>) => boolean): boolean =>
  verdicts.some((each) => isOf(each, rule) && so(each));
const hasAnswered = ({ answers }: Known, choice: string, id?: string): boolean =>
  answers.some((each) => 'choice' in each && each.choice === choice && (id === undefined || each.id === id));

function stopNeeds({ kind, by, choice }: Stop, known: Known): string | undefined {
  switch (kind) {
    case 'trigger': {
      if (by === 'verification')
        return hasRuled(known, 'verification', ({ outcome: { bad } }) => bad !== null)
          ? undefined
          : 'it was stopped by its verification, and no verdict on record before says that it failed';
      const name = by.replace(/^trigger /, '');
      const fires =
        hasRuled(known, 'report', ({ outcome }) => outcome.fired.some(({ trigger }) => trigger === name)) ||
        hasRuled(known, 'alert', ({ inputs, outcome }) => inputs.trigger === name && outcome.fires);
      const rollsBack = hasRuled(
        known,
        'trigger',
        ({ inputs, outcome }) => inputs.trigger === name && outcome === 'rollback',
      );
      return fires && rollsBack ? undefined : `it was stopped by ${by}, which nothing on record before has fired`;
    }
    case 'decision':
      return choice === undefined || hasAnswered(known, choice)
        ? undefined
        : `it was stopped by the answer ${choice} of ${by}, which is not on record before`;
    case 'abort':
      return by === 'temporal workflow cancel' || known.told.some((name) => /abort/i.test(name))
        ? undefined
        : `it was stopped by an abort of ${by}, and nobody on record has told it so`;
    case 'failure':
      return undefined;
  }
}

/** Forward from the last course to this one: what has to be decided before. */
function courseNeeds(to: Course, known: Known): string | undefined {
  const { course: from } = known;
  if (to.is === 'preflight' && to.passed)
    return hasRuled(known, 'preflight', ({ outcome }) => outcome.failed === null)
      ? undefined
      : 'the preflight has passed, and no verdict on record before says so';
  if (to.is === 'ended') return endNeeds(to, known);
  if (from?.is !== 'rolling-out' || !['rolling-out', 'verifying'].includes(to.is)) return undefined;
  const { stage } = from;
  if (to.is === 'rolling-out' && to.stage === stage && to.part === from.part) return undefined;
  if (from.part === 'deploying')
    return hasRuled(known, 'command', ({ inputs, outcome }) => inputs.step === deployStep({ name: stage }) && outcome)
      ? undefined
      : `it went on from deploying ${stage}, and no verdict on record before says that its command succeeded`;
  const promoted =
    hasRuled(known, 'soak', ({ inputs, outcome }) => inputs.stage === stage && outcome.kind === 'promote') ||
    hasRuled(known, 'promotion', ({ inputs, outcome }) => inputs.stage === stage && outcome) ||
    hasAnswered(known, 'promote', `soak-${stage}`);
  return promoted ? undefined : `it went on from the soak of ${stage}, and nothing on record before promotes it`;
}

function endNeeds({ outcome, supersededBy }: Extract<Course, { is: 'ended' }>, known: Known): string | undefined {
  if (outcome === 'completed')
    return supersededBy !== undefined ||
      hasAnswered(known, 'end-anyway') ||
      hasRuled(known, 'exit', ({ outcome: criteria }) => criteria.every(({ met }) => met === true))
      ? undefined
      : 'it ended as completed, and no verdict on its exit criteria nor an answer on record before says so';
  if (outcome === 'rolled-back')
    return hasRuled(known, 'proof', ({ outcome: { missing } }) => missing === null)
      ? undefined
      : 'it ended as rolled back, and no verdict on record before says that this is proven';
  return undefined;
}
