import { progress } from '../../domain/time/lasted.js';
import { whatFailed } from '../../domain/run/findings.js';
import type { Finding, GoLiveStatus, StageStatus } from '../../domain/run/status.js';
import type { Line } from '../terminal/line.js';
import { shortTime } from '../terminal/local-time.js';
import { ahead, span } from '../terminal/moments.js';
import type { Colour } from '../terminal/paint.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { Section } from './layout.js';

const BAR = 12;

/** The way of a go-live as a tree: preflight, each stage with how far it is and what answers, verification, hypercare. Only what is under way has branches. */
export function stageSection(status: GoLiveStatus, now: number, zone?: string): Section {
  const { stages } = status;
  const lines = [
    ...preflightLines(status),
    ...stages.flatMap((stage) => linesOf(stage, now, zone)),
    ...verificationLines(status),
    ...hypercareLines(status, now, zone),
  ];
  const done = stages.filter(({ state }) => state === 'done').length;
  const rest = (shown: number) =>
    shown === 0
      ? `${done} of ${stages.length} done`
      : `${lines.length - shown} more lines; ${done} of ${stages.length} stages done`;
  return { label: 'Stages', lines, rest, least: 2, good: 6 };
}

const MARK: Readonly<Record<StageStatus['state'], readonly [mark: string, colour: Colour]>> = {
  pending: ['·', 'dim'],
  'waiting at its gate': ['?', 'yellow'],
  deploying: ['▸', 'cyan'],
  soaking: ['▸', 'cyan'],
  done: ['✓', 'green'],
  failed: ['✗', 'red'],
  stopped: ['■', 'yellow'],
  'rolled back': ['↩', 'yellow'],
};

function linesOf(
  { name, state, detail, since, beganAt, due, deadline, answers }: StageStatus,
  now: number,
  zone?: string,
): Line[] {
  const [mark, colour] = MARK[state];
  const node: Line = [[`${mark} ${oneLine(name)}`, colour], ` ${state}`];
  const answered: Line[] =
    answers === undefined ? [] : [['  ├ ', oneLine(answers).replace(/, expected .*/, ''), ' answer']];
  const why: Line[] = detail === undefined ? [] : [['  └ ', oneLine(detail)]];
  switch (state) {
    case 'pending':
      return [[[`${mark} ${oneLine(name)}`, colour]]];
    case 'done':
      return [
        [
          ...node,
          ...(beganAt === undefined || since === undefined ? [] : [` in ${span(beganAt, Date.parse(since))}`]),
          ...(answers === undefined ? [] : [[`  ${oneLine(answers).replace(/, expected .*/, '')}`, 'dim'] as const]),
        ],
      ];
    case 'deploying':
    case 'soaking':
      return [
        [
          ...node,
          ...(since === undefined
            ? []
            : due === undefined
              ? [` ${span(since, now)}`]
              : [` ${soFar(since, due, now)} `, [bar(since, due, now), 'cyan'] as const]),
          ...(deadline === undefined
            ? []
            : [`  until ${shortTime(Date.parse(deadline), now, zone)}, ${ahead(deadline, now)}`]),
        ],
        ...answered,
        ...why,
      ];
    default:
      return [
        [
          ...node,
          ...(since === undefined ? [] : [` ${span(since, now)}`]),
          ...(detail === undefined ? [] : [`: ${oneLine(detail)}`]),
        ],
      ];
  }
}

/** `4m 12s of 5m`, where it is not said otherwise: of its least time. */
const soFar = (since: string, due: string, now: number): string =>
  progress(now - Date.parse(since), Date.parse(due) - Date.parse(since));

/** How much of its least time is over. */
function bar(since: string, due: string, now: number): string {
  const share = (now - Date.parse(since)) / Math.max(1, Date.parse(due) - Date.parse(since));
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
}

function preflightLines({ preflight, phase }: GoLiveStatus): Line[] {
  if (preflight.length === 0 && phase !== 'preflight') return [];
  const failed = whatFailed(preflight) !== undefined;
  const mark = failed ? '✗' : phase === 'preflight' ? '▸' : '✓';
  const colour: Colour = failed ? 'red' : phase === 'preflight' ? 'cyan' : 'green';
  return [[[`${mark} preflight`, colour], ` ${counted(preflight)}`]];
}

function verificationLines({ verification, phase }: GoLiveStatus): Line[] {
  const failed = whatFailed(verification) !== undefined;
  if (phase === 'verifying') return [[[`▸ verification`, 'cyan'], ` ${counted(verification)}`]];
  if (verification.length > 0)
    return [[[`${failed ? '✗' : '✓'} verification`, failed ? 'red' : 'green'], ` ${counted(verification)}`]];
  return [[['· verification', 'dim']]];
}

function hypercareLines({ phase, since, hypercareEnds, hypercare }: GoLiveStatus, now: number, zone?: string): Line[] {
  if (hypercareEnds === undefined) return [[['· hypercare', 'dim']]];
  if (phase !== 'hypercare') return [];
  const met = hypercare?.criteria.filter((each) => each.met === true).length ?? 0;
  return [
    [
      ['▸ hypercare', 'cyan'],
      ` ${soFar(since, hypercareEnds, now)} `,
      [bar(since, hypercareEnds, now), 'cyan'],
      `  until ${shortTime(Date.parse(hypercareEnds), now, zone)}, ${ahead(hypercareEnds, now)}`,
    ],
    ...(hypercare ? [[`  └ ${met} of ${hypercare.criteria.length} exit criteria are met`] as const] : []),
  ];
}

/** `14 passed, 2 attested` */
export function counted(findings: readonly Finding[]): string {
  const words = { fail: 'failed', unknown: 'unknown', pass: 'passed', attested: 'attested' } as const;
  const parts = Object.entries(words).flatMap(([state, word]) => {
    const count = findings.filter((each) => each.state === state).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return parts.join(', ') || 'nothing looked at yet';
}
