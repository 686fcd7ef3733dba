import type { Report } from '../domain/evidence/report/report.js';
import type { Outcome } from '../domain/run/status.js';
import { lasted } from '../domain/time/lasted.js';
import { momentText, type Clocks } from './moment-text.js';

const OUTCOMES: Readonly<Record<Outcome, { word: string; mark: string; look: string }>> = {
  completed: { word: 'Completed', mark: '✓', look: 'good' },
  rehearsed: { word: 'Rehearsed', mark: '✓', look: 'good' },
  rejected: { word: 'Rejected before anything was deployed', mark: '■', look: 'back' },
  aborted: { word: 'Aborted before anything was deployed', mark: '■', look: 'back' },
  'rolled-back': { word: 'Rolled back, proven', mark: '↩', look: 'back' },
  'rollback-failed': { word: 'The rollback was not proven; a person took over', mark: '✕', look: 'bad' },
};

/** The first words of a report, for the page and for Markdown: how it ended and why. */
export interface Verdict {
  readonly heading: string;
  readonly mark: string;
  readonly look: string;
  /** Sentences, the most important first. */
  readonly sentences: readonly string[];
  /** Terms with what is known of them. */
  readonly facts: readonly (readonly [string, string])[];
}

/** What a report says first. What isn't known is said to be unknown. */
export function verdictOf(report: Report, clocks: Clocks): Verdict {
  const { outcome, phase, cause, summary, supersededBy, restore, asOf } = report;
  const ended = outcome === undefined ? undefined : OUTCOMES[outcome];
  const superseded =
    supersededBy && `Superseded by ${supersededBy.release} (${supersededBy.by}: ${supersededBy.reason}).`;
  return {
    heading: supersededBy
      ? `Completed early: superseded by ${supersededBy.release}`
      : (ended?.word ?? `Goes on: ${phase}`),
    mark: ended?.mark ?? '▶',
    look: ended?.look ?? 'open',
    sentences: [
      ...(summary === undefined ? [] : [`${summary}.`]),
      ...(ended
        ? []
        : [
            `As of ${momentText(asOf, clocks)}, the newest record here. How it ends is unknown, or its end is not on record here.`,
          ]),
      ...(cause && !summary?.includes(cause.text) ? [`Why: ${cause.text}.`] : []),
      ...(superseded === undefined || summary?.includes('superseded by') ? [] : [superseded]),
      ...(cause?.evidence
        ? [
            `First seen: ${cause.evidence.text}${cause.evidence.at === undefined ? '' : `, at ${momentText(cause.evidence.at, clocks)}`}.`,
          ]
        : []),
      ...(restore && restore.state !== 'not proposed' && !summary?.includes(restore.detail)
        ? [`Data restore: ${restore.state}: ${restore.detail}.`]
        : []),
    ].map((each) => each.replace(/([.!?…])\.$/, '$1')),
    facts: factsOf(report, clocks),
  };
}

function factsOf(report: Report, clocks: Clocks): Verdict['facts'] {
  const { release, previousRelease, takesBack, cause, advisory, outcome } = report;
  return [
    ['release', takesBack ? `${release} → ${previousRelease}, taken back` : `${release} ← ${previousRelease}`],
    ...(cause
      ? ([['stopped by', `${cause.by}${cause.at === undefined ? '' : `, ${momentText(cause.at, clocks)}`}`]] as const)
      : []),
    ['began', momentText(report.beganAt, clocks)],
    ['ended', outcome === undefined ? 'goes on, or unknown' : momentText(report.endedAt, clocks)],
    ['took', `${lasted(report.lastedMs)}${outcome === undefined ? ' so far' : ''}`],
    ['decision owner', report.decisionOwner ?? 'unknown'],
    ['triggers fired', fired(report)],
    ...(advisory > 0 ? ([['advisory triggers', `would have fired ${advisory} times`]] as const) : []),
    ['questions to people', String(report.holds.length)],
    ['plan', report.planHash ?? 'unknown: none was frozen, or that record is missing'],
  ];
}

function fired({ firings }: Report): string {
  const real = firings.filter(({ did }) => did !== 'note');
  return real.length === 0 ? 'none' : [...new Set(real.map(({ trigger }) => trigger))].join(', ');
}

/** What is wrong with the evidence, told apart from ends that were only not sealed: by a writer that died, or writes still. */
export function faultsOf({ faults }: Pick<Report, 'faults'>): { wrong: string[]; unsealed: string[] } {
  const of = (cut: boolean) => faults.filter(({ kind }) => (kind === 'cut') === cut).map(({ text }) => text);
  return { wrong: of(false), unsealed: of(true) };
}
