import { resumeCommand } from '../../domain/people/steering.js';
import { reasonText } from '../../domain/run/cause.js';
import { asking, lastAsked } from '../../temporal/queue-builds.js';
import { notBegun } from '../run/not-begun.js';
import { wrapped } from '../terminal/cells.js';
import type { Line } from '../terminal/line.js';
import { localTime } from '../terminal/local-time.js';
import { ahead, span } from '../terminal/moments.js';
import { pollsText } from '../screens/build-line.js';
import { pausedText } from '../screens/paused-text.js';
import type { Colour } from '../terminal/paint.js';
import { oneLine } from '../terminal/terminal-text.js';
import { pasteable } from './pasteable.js';
import type { Waits, Watched } from './watched.js';

/** An answer that is older than this is none: a look takes as long as it takes, but not that long. */
const STALE_MS = 6_000;
/** So long a first look says nothing of what it waits for; a worker is asked once the server has answered. */
const MOMENT_MS = { server: 2_000, worker: 1_000 } as const;
const WORKER_MS = 4_000;
const NO_SERVER = "the Temporal server doesn't answer";
const SERVER_AWAY =
  'Trying again. The go-live is kept there; a command that runs goes on. By hand: docs/break-glass.md';

/** What comes before everything else: that nobody answers, how it ended, why it stops, that it waits. Two lines each at most. */
export function urgentLines(watched: Watched, columns: number, now: number, zone?: string): Line[] {
  const { view, environment } = watched;
  const at = (iso: string) => localTime(Date.parse(iso), now, zone);
  const told = (word: string, colour: Colour, text: string): Line[] => {
    const [first = '', ...more] = wrapped(`${word}${text}`, columns, 2);
    return [[[first.slice(0, word.length), 'bold', colour], first.slice(word.length)], ...more.map((line) => [line])];
  };
  const stop = view?.result?.stop ?? view?.status?.stop ?? view?.remembered?.stop;
  const { paused, beginsAt, freezeOverride } = view?.status ?? {};
  return [
    ...silence(watched, now).flatMap(({ since, text }) =>
      told(
        `NO ANSWER since ${localTime(since, now, zone)}`,
        'red',
        `, for ${span(new Date(since).toISOString(), now)}: ${text}`,
      ),
    ),
    ...(!view && !watched.none && !watched.silence
      ? told('LOOKING', 'cyan', ` for the go-live${looking(watched, now)}`)
      : []),
    ...(watched.none
      ? told('WAITING', 'cyan', ` for a go-live of ${environment}: none has been started that the server remembers.`)
      : []),
    ...(view?.fault
      ? [
          ...told(view.fault.kind.toUpperCase(), 'red', `: ${oneLine(view.fault.what)}`),
          ...view.fault.todo.flatMap((each) => todoLines(each, columns)),
        ]
      : []),
    ...(view?.result ? told(view.result.outcome.toUpperCase(), 'bold', `: ${oneLine(view.result.summary)}`) : []),
    ...(view?.failure !== undefined && !view.fault ? told('FAILED', 'red', `: ${oneLine(view.failure)}`) : []),
    ...(stop
      ? told('STOPPED', 'red', ` at ${at(stop.at)} by ${oneLine(stop.by)} (${stop.kind}): ${oneLine(reasonText(stop))}`)
      : []),
    ...(view?.beginsAt === undefined
      ? []
      : told('NOT BEGUN', 'yellow', `: ${notBegun(view.workflowId, view.beginsAt)}`)),
    ...(beginsAt === undefined
      ? []
      : told('IT BEGINS', 'cyan', ` at ${at(beginsAt)}, ${ahead(beginsAt, now)}; until then nothing is done`)),
    ...(view?.status && paused
      ? [
          ...told(
            'PAUSED',
            'yellow',
            ` for ${span(paused.at, now)} by ${oneLine(paused.by)}: ${pausedText(view.status)}`,
          ),
          ...(pasteable(resumeCommand(environment), columns - 2) ?? []).map((line): Line => [`  ${line}`]),
        ]
      : []),
    ...(freezeOverride === undefined || view?.status?.phase !== 'preflight'
      ? []
      : told('FREEZE', 'yellow', `: ${oneLine(freezeOverride)}`)),
  ];
}

/** A command whole, so that it can be pasted; a sentence as far as there is room. */
function todoLines(todo: string, columns: number): Line[] {
  const command = /^(?:golive|temporal) /.test(todo) ? pasteable(todo, columns - 2) : undefined;
  return (command ?? [oneLine(todo)]).map((line): Line => ['  ', command ? [line, 'cyan'] : line]);
}

/** What the first look waits for, once that is longer than a moment. */
const looking = ({ waits }: Watched, now: number): string =>
  waits && now - waits.since >= MOMENT_MS[waits.of] ? `: ${waitsText(waits, now)}` : ' …';

function waitsText({ of, since, queue }: Waits, now: number): string {
  // A worker is given three seconds: whoever takes longer is the server.
  if (of === 'server' || now - since > WORKER_MS) return NO_SERVER;
  const polls = queue && pollsText(asking(queue.pollers, now).length, lastAsked(queue.pollers), now);
  return `the server answers, no worker has yet${polls === undefined ? '' : `; ${polls}`}`;
}

/** Since when nobody answers, and what that means. */
function silence({ silence: told, view, seenAt, waits }: Watched, now: number): { since: number; text: string }[] {
  if (told?.of === 'server') return [{ since: told.since, text: `${oneLine(told.why)}. ${SERVER_AWAY}` }];
  if (told)
    return [
      {
        since: told.since,
        text: `${oneLine(told.why)}. ${view?.fault ? '' : 'Nothing is decided until a worker is back. '}An abort is kept and acts first.`,
      },
    ];
  // A look that hangs is no answer either.
  if (seenAt === undefined || now - seenAt <= STALE_MS) return [];
  return [{ since: seenAt, text: `${waits ? waitsText(waits, now) : NO_SERVER}. ${SERVER_AWAY}` }];
}
