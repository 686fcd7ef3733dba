import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { z } from 'zod';
import { describeEnd, lastLine, type CommandReport } from '../domain/commands/command.js';
import type { GoLiveStatus } from '../domain/run/status.js';
import { iso } from './timestamp.js';

/** A command as the history of its run has it, with the end of its output: at most 4 KiB of each stream. */
export type RecordedCommand = GoLiveStatus['commands'][number] & Pick<Partial<CommandReport>, 'stdout' | 'stderr'>;

type Event = temporal.api.history.v1.IHistoryEvent;
type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

const asked = z.object({ step: z.string(), generation: z.int().min(1) });
const reported = asked.extend({
  end: z.custom<CommandReport['end']>((value) => typeof (value as { kind?: unknown } | null)?.kind === 'string'),
  stdout: z.string(),
  stderr: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
});

/** The commands of a run and of those it goes on with, in the order in which they were decided, from the server alone. */
export async function recordedCommands(client: Client, workflowId: string, runId: string): Promise<RecordedCommand[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const before = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  const earlier = before ? await recordedCommands(client, workflowId, before) : [];
  const known = new Map(earlier.map((command) => [nameOf(command), command]));
  for (const command of commandsIn(events ?? [])) known.set(nameOf(command), command);
  return [...known.values()];
}

const nameOf = ({ step, generation }: Pick<RecordedCommand, 'step' | 'generation'>) => `${step}.${generation}`;

/** @param events a whole history, from its first event on */
export function commandsIn(events: readonly Event[]): RecordedCommand[] {
  const commands = new Map<string, RecordedCommand>();
  for (const event of events) {
    const { activityTaskScheduledEventAttributes: scheduled, eventId, eventTime } = event;
    if (scheduled?.activityType?.name === 'runCommand') {
      const { step, generation } = read(scheduled.input, asked) ?? {};
      if (step === undefined || generation === undefined) continue;
      const decidedAt = iso(eventTime);
      const command = { step, generation, state: 'running', lastLine: '' };
      commands.set(String(eventId), decidedAt === undefined ? command : { ...command, decidedAt });
      continue;
    }
    const end = endIn(event);
    const command = commands.get(String(end?.scheduledEventId));
    if (end && command) commands.set(String(end.scheduledEventId), { ...command, ...end.told });
  }
  return [...commands.values()];
}

interface End {
  readonly scheduledEventId: unknown;
  readonly told: Partial<RecordedCommand>;
}

function endIn(event: Event): End | undefined {
  const {
    activityTaskCompletedEventAttributes: completed,
    activityTaskCanceledEventAttributes: stopped,
    activityTaskFailedEventAttributes: failed,
    activityTaskTimedOutEventAttributes: lost,
  } = event;
  if (completed) {
    const report = read(completed.result, reported);
    if (!report) return undefined;
    const { end, ...told } = report;
    const last = lastLine(told.stdout) || lastLine(told.stderr);
    return { scheduledEventId: completed.scheduledEventId, told: { ...told, state: describeEnd(end), lastLine: last } };
  }
  if (stopped) return { scheduledEventId: stopped.scheduledEventId, told: { state: 'stopped' } };
  const cut = failed ?? lost;
  return cut ? { scheduledEventId: cut.scheduledEventId, told: { state: 'no outcome' } } : undefined;
}

function read<T>(payloads: Payloads, schema: z.ZodType<T>): T | undefined {
  const data = payloads?.payloads?.[0]?.data;
  if (!data) return undefined;
  try {
    return schema.safeParse(JSON.parse(Buffer.from(data).toString('utf8'))).data;
  } catch {
    return undefined; // no JSON: another golive's
  }
}
