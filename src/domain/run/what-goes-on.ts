import { cut } from '../text/cut-text.js';
import { formatDuration } from '../time/duration.js';
import type { GoLiveStatus } from './status.js';

const LONGEST_REASON = 200;
const MINUTE = 60_000;

/** What goes on now, in words for people who wait for an update: the phase, its stage, the command in flight, the questions that are open. `now` in epoch milliseconds. */
export function whatGoesOn(
  { phase, since, stages, holds, commands, paused, previousRelease }: GoLiveStatus,
  now: number,
): string {
  const forSoLong = (from: string) => {
    const minutes = Math.floor((now - Date.parse(from)) / MINUTE);
    return minutes < 1 ? 'under 1m' : formatDuration(minutes * MINUTE);
  };
  const stage = stages.find(
    ({ state }) => state === 'deploying' || state === 'soaking' || state === 'waiting at its gate',
  );
  const where =
    phase === 'rolling-back'
      ? `rolling back to ${previousRelease}`
      : (phase === 'deploying' || phase === 'soaking') && stage
        ? `${stage.name} is ${stage.state}`
        : phase;
  const running = commands
    .filter(({ state }) => state === 'running')
    .map(({ step, startedAt }) => `${step} runs${startedAt === undefined ? '' : ` for ${forSoLong(startedAt)}`}`);
  return [
    `${where} for ${forSoLong(since)}${stage?.detail === undefined ? '' : ` (${stage.detail})`}.`,
    ...running.map((each) => `${each}.`),
    ...(paused ? [`Paused by ${paused.by}: ${paused.reason}.`] : []),
    ...holds.map(
      ({ id, reason, openedAt }) =>
        `Waits for an answer to ${id} for ${forSoLong(openedAt)}: ${cut(reason, LONGEST_REASON)}`,
    ),
  ].join(' ');
}
