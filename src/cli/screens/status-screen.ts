import { lastLine as lastOf } from '../../domain/commands/command.js';
import { channelDetail } from '../../domain/announcing/channel-state.js';
import { answerCommands, pagingText } from '../../domain/people/hold.js';
import { resumeCommand } from '../../domain/people/steering.js';
import { whatFailed } from '../../domain/run/findings.js';
import { restoreText, type RestoreStatus } from '../../domain/rollback/restore-status.js';
import { reasonText } from '../../domain/run/cause.js';
import type { Finding, GoLiveStatus } from '../../domain/run/status.js';
import { blindStretches, checksText } from '../../domain/watching/blind-text.js';
import type { CheckStatus } from '../../domain/watching/check-status.js';
import { checkStatusText } from '../../domain/watching/check-status-text.js';
import { buildLine } from './build-line.js';
import { criterionRows, paintCriterion, reviewLines } from './hypercare-lines.js';
import { ahead, dayAndClock, clock, span } from '../terminal/moments.js';
import { knownFacts } from '../run/known-facts.js';
import { notBegun } from '../run/not-begun.js';
import { pausedText } from './paused-text.js';
import { PHASE_COLOUR } from './phase-colour.js';
import type { Colour, Paint } from '../terminal/paint.js';
import type { RunView } from '../run/run-view.js';
import { rows } from './rows.js';
import { silenceLines, workLines } from './standstill.js';
import { oneLine, shortened } from '../terminal/terminal-text.js';

const DETAIL = 150;
const MESSAGES = 4;
/** What an on-call reads at 2 a.m.: where it is, what stopped it, what it asks and how to answer, what is measured. `now` in epoch milliseconds. */
export function statusScreen(view: RunView, now: number, paint: Paint): string {
  const { status } = view;
  return [
    ...headline(view, now, paint),
    ...stopLines(view, paint),
    ...faultLines(view, paint),
    ...(view.beginsAt === undefined ? [] : ['', notBegun(view.workflowId, view.beginsAt)]),
    ...(status ? beginningLines(status, now, paint) : []),
    ...(view.silence !== undefined && view.running ? silenceLines(view, now, paint) : []),
    ...(status
      ? [
          ...holdLines(status, now, paint),
          ...alertLines(status, now, paint),
          ...stageLines(status, paint),
          ...advisedLines(status, paint),
          ...watchLines(status, paint),
          ...section('Exit criteria of hypercare', paint, rows(criterionRows(status), paintCriterion(paint))),
          ...section('Health reviews', paint, reviewLines(status)),
          ...commandLines(status, paint),
        ]
      : []),
    ...findingLines(
      'Preflight',
      status?.preflight ?? view.result?.preflight ?? [],
      paint,
      status?.phase === 'preflight',
      'attested',
    ),
    ...findingLines(
      'Verification',
      status?.verification ?? view.result?.verification ?? [],
      paint,
      status?.phase === 'verifying',
      'unproven',
    ),
    ...findingLines('Proof of the rollback', status?.proof ?? view.result?.proof ?? [], paint, true, 'attested'),
    ...restoreLines(status?.restore ?? view.result?.restore, paint),
    ...(status
      ? [
          ...section(
            'Ignored messages',
            paint,
            status.ineffective.map(({ at, what }) => `${clock(at)}  ${oneLine(what)}`),
          ),
          ...blindLines(status, paint),
          ...messageLines(status, paint),
          ...channelLines(status, paint),
        ]
      : []),
    ...(view.running && view.silence === undefined ? workLines(view, now, paint) : []),
    ...nextLines(view, paint),
  ].join('\n');
}

/** The timeline, one line an entry. */
export function timelineScreen(view: RunView): string {
  const entries = view.timeline ?? view.result?.timeline ?? [];
  return entries.map(({ at, what }) => `${dayAndClock(at)}  ${oneLine(what)}`).join('\n');
}

function headline(view: RunView, now: number, paint: Paint): string[] {
  const { status, result } = view;
  const { release, previous, owner, planHash, where, since } = knownFacts(view);
  const state = paint(PHASE_COLOUR[where] ?? 'cyan', paint('bold', oneLine(where).toUpperCase()));
  const what = release === undefined ? view.workflowId : `${oneLine(release)} to ${view.environment}`;
  const facts = [
    ...(previous === undefined ? [] : [`from ${oneLine(previous)}`]),
    ...(owner === undefined ? [] : [`owner ${oneLine(owner)}`]),
    `started ${dayAndClock(status?.beganAt ?? view.startedAt)}`,
    ...(planHash ? [`plan ${oneLine(planHash).replace('sha256:', '').slice(0, 12)}`] : []),
    ...(status?.hypercareEnds && view.running ? [`hypercare until ${dayAndClock(status.hypercareEnds)}`] : []),
    view.workflowId,
  ];
  return [
    `${paint('bold', what)}  ${state}${since === undefined ? '' : view.running ? ` for ${span(since, now)}` : ` at ${dayAndClock(since)}`}`,
    paint('dim', facts.join(' · ')),
    ...buildLines(view, now, paint),
    ...(result ? [oneLine(result.summary)] : []),
  ];
}

function buildLines({ build, running }: RunView, now: number, paint: Paint): string[] {
  const line = build && buildLine(build, running, now);
  return line === undefined ? [] : [paint(running && build?.workers === 0 ? 'yellow' : 'dim', line)];
}

function stopLines(view: RunView, paint: Paint): string[] {
  const stop = view.result?.stop ?? view.status?.stop ?? view.remembered?.stop;
  return [
    ...(stop
      ? [
          `${paint('red', 'Stopped')} at ${clock(stop.at)} by ${oneLine(stop.by)} (${stop.kind}): ${oneLine(reasonText(stop))}`,
        ]
      : []),
    ...(view.failure === undefined || view.fault ? [] : [`${paint('red', 'Failed')}: ${oneLine(view.failure)}`]),
  ];
}

function faultLines({ fault }: RunView, paint: Paint): string[] {
  if (!fault) return [];
  return [
    '',
    `${paint('red', paint('bold', fault.kind.toUpperCase()))}: ${oneLine(fault.what)}`,
    ...fault.todo.map((each) => `  ${oneLine(each)}`),
  ];
}

function beginningLines({ beginsAt, freezeOverride, deadMan }: GoLiveStatus, now: number, paint: Paint): string[] {
  return [
    ...(beginsAt === undefined
      ? []
      : [
          `${paint('bold', 'It begins')} at ${dayAndClock(beginsAt)}, ${ahead(beginsAt, now)}; until then nothing is done, and the environment is reserved`,
        ]),
    ...(freezeOverride === undefined ? [] : [`${paint('yellow', 'Freeze windows')}: ${oneLine(freezeOverride)}`]),
    ...(deadMan?.failing === undefined
      ? []
      : [
          `${paint('yellow', "The dead man's ping fails")}: ${oneLine(deadMan.failing)}${deadMan.pingedAt === undefined ? '' : `; the last one taken was at ${dayAndClock(deadMan.pingedAt)}`}`,
        ]),
  ];
}

function holdLines({ environment, holds }: GoLiveStatus, now: number, paint: Paint): string[] {
  return holds.flatMap((hold) => [
    '',
    `${paint('yellow', paint('bold', 'HOLD'))} ${oneLine(hold.id)}, open ${span(hold.openedAt, now)}, ${oneLine(pagingText(hold, clock))}`,
    `  ${oneLine(hold.reason)}`,
    ...answerCommands(environment, hold).map((command) => `  ${paint('bold', oneLine(command))}`),
  ]);
}

function stageLines({ stages }: GoLiveStatus, paint: Paint): string[] {
  const colour = {
    pending: 'dim',
    done: 'green',
    failed: 'red',
    deploying: 'cyan',
    soaking: 'cyan',
    'waiting at its gate': 'yellow',
  } as const;
  return section(
    'Stages',
    paint,
    rows(
      stages.map(({ name, state, detail }) => [oneLine(name), state, detail ?? '']),
      (cells, [, state]) => paint(colour[state as keyof typeof colour] ?? 'dim', cells),
    ),
  );
}

function watchLines({ watching, outcome }: GoLiveStatus, paint: Paint): string[] {
  if (outcome !== undefined) return []; // the last readings of then say nothing of now
  const told = watching.map((each) => [
    stateWord(each),
    `${each.check} at ${each.target}`,
    each.guardrail ?? '',
    checkStatusText(each),
  ]);
  return section(
    'Watching',
    paint,
    rows(told, (cells, [state = '']) => paint(STANDING_COLOUR[state] ?? 'red', cells)),
  );
}

const STANDING_COLOUR: Readonly<Record<string, Colour>> = { ok: 'green', idle: 'dim', '?': 'dim', blind: 'yellow' };

function stateWord({ standing, failures }: CheckStatus): string {
  return standing === 'failing'
    ? `${failures}× failed`
    : { clean: 'ok', idle: 'idle', blind: 'blind', 'not looked at': '?' }[standing];
}

function alertLines(status: GoLiveStatus, now: number, paint: Paint): string[] {
  const { alerts, paused, environment } = status;
  return [
    ...(paused
      ? [
          '',
          `${paint('yellow', paint('bold', 'PAUSED'))} for ${span(paused.at, now)} by ${oneLine(paused.by)}: ${pausedText(status)}`,
          `  ${paint('bold', resumeCommand(environment))}`,
        ]
      : []),
    ...section(
      'Alerts',
      paint,
      alerts.map(
        ({ trigger, since, running, advisory }) =>
          `${paint(advisory ? 'dim' : 'red', oneLine(trigger))}  since ${clock(since)}, ${running}`,
      ),
    ),
  ];
}

/** What would have happened, without alarm. */
function advisedLines({ advised = [] }: GoLiveStatus, paint: Paint): string[] {
  return section(
    'Advisory triggers',
    paint,
    advised.map(
      ({ trigger, times, at, what }) =>
        `${oneLine(trigger)} would have fired ${times}×, last at ${clock(at)}: ${oneLine(what)}`,
    ),
  );
}

function commandLines({ commands }: GoLiveStatus, paint: Paint): string[] {
  const told = commands.map(({ step, generation, state, lastLine }) => [
    `${step}.${generation}`,
    state,
    lastOf(lastLine),
  ]);
  return section(
    'Commands',
    paint,
    rows(told, (cells, [, state]) =>
      /^exit 0$|^running$|^treated/.test(state ?? '') ? cells : paint('yellow', cells),
    ),
  );
}

/**
 * Everything while it is being found, or when something failed; afterwards only how many there are, and which of them nothing has proven.
 * @param attested what people call those that a person answers for
 */
function findingLines(
  title: string,
  findings: readonly Finding[],
  paint: Paint,
  whole: boolean,
  attested: 'attested' | 'unproven',
): string[] {
  const failed = whatFailed(findings) !== undefined;
  const believed = findings.filter(({ state }) => state === 'attested').map(({ name }) => oneLine(name));
  if (findings.length > 0 && !whole && !failed)
    return [
      '',
      believed.length === 0
        ? `${paint('bold', title)}: all ${findings.length} passed`
        : `${paint('bold', title)}: ${findings.length - believed.length} of ${findings.length} passed; ${attested}: ${believed.join(', ')}`,
    ];
  const colour = { pass: 'green', fail: 'red', unknown: 'yellow', attested: 'yellow' } as const;
  return section(
    title,
    paint,
    rows(
      findings.map(({ state, name, detail }) => [state === 'fail' ? 'FAIL' : state, name, detail]),
      (cells, [state]) => paint(colour[state === 'FAIL' ? 'fail' : (state as 'pass' | 'unknown' | 'attested')], cells),
    ),
  );
}

const restoreLines = (restore: RestoreStatus | undefined, paint: Paint) =>
  section('Restore', paint, restore ? [oneLine(restoreText(restore))] : []);

function blindLines({ blind }: GoLiveStatus, paint: Paint): string[] {
  return section(
    'Blind',
    paint,
    blindStretches(blind).map(({ checks, from, to, why }) =>
      oneLine(
        `${clock(from)} to ${to === undefined ? 'now' : clock(to)}  ${checksText(checks)}${why === undefined ? '' : `: ${why}`}`,
      ),
    ),
  );
}

function messageLines({ messages, nextUpdate }: GoLiveStatus, paint: Paint): string[] {
  const promised = nextUpdate === undefined ? [] : [paint('dim', `the next one by ${clock(nextUpdate)}`)];
  return section('Messages', paint, [
    ...messages.slice(-MESSAGES).map(({ at, what }) => `${clock(at)}  ${oneLine(what)}`),
    ...promised,
  ]);
}

function channelLines({ channels, undelivered }: GoLiveStatus, paint: Paint): string[] {
  const colour = { ok: 'green', down: 'red', 'not used yet': 'dim' } as const;
  const told = rows(
    channels.map((each) => [each.state, `${each.name} (${each.kind})`, channelDetail(each, clock)]),
    (cells, [state]) => paint(colour[state as keyof typeof colour], cells),
  );
  const posts = undelivered
    .slice(-MESSAGES)
    .map(
      ({ at, channel, state, text }) =>
        paint('yellow', `${clock(at)}  ${state}, ${oneLine(channel)}: `) + shortened(oneLine(text), DETAIL),
    );
  return section('Channels', paint, [...told, ...posts]);
}

function nextLines(view: RunView, paint: Paint): string[] {
  const more = view.ui === undefined ? [] : [paint('dim', view.ui)];
  return [...(more.length > 0 ? [''] : []), ...more];
}

function section(title: string, paint: Paint, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)];
}
