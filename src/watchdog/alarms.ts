import { z } from 'zod';
import { readWhole, replaceWhole } from '../durable-file.js';

const alarmSchema = z.object({
  workflowId: z.string(),
  runId: z.string(),
  kind: z.enum(['stuck', 'ended']),
  /** When it was first seen and what it says, epoch milliseconds. */
  since: z.number(),
  text: z.string(),
  planHash: z.string().optional(),
  /** How often everybody was paged, and what comes next; missing before the first page. */
  times: z.number(),
  next: z.object({ at: z.number(), channels: z.array(z.string()).readonly(), everybody: z.boolean() }).optional(),
  lastAt: z.number().optional(),
  /** The channels that were paged, and those of them that have not taken the newest page yet. */
  paged: z.array(z.string()),
  untaken: z.array(z.string()),
  /** The fault is gone; only its end has to be told yet. */
  over: z.boolean().optional(),
  /** Since when, epoch milliseconds. */
  overAt: z.number().optional(),
});

/** A fault of a run of which people are told until it is over. */
export type Alarm = z.output<typeof alarmSchema>;

/** The alarms that are raised, in a file: a worker that starts again goes on where the last one stopped. */
export class Alarms {
  #raised: readonly Alarm[] | undefined;
  #kept = '';

  constructor(private readonly file: string) {}

  /** All of them. A file that can't be read counts as none: at worst somebody is paged again. */
  async all(): Promise<readonly Alarm[]> {
    if (this.#raised) return this.#raised;
    const text = (await readWhole(this.file).catch(() => undefined)) ?? '[]';
    const parsed = z.array(alarmSchema).safeParse(jsonOf(text));
    this.#raised = parsed.success ? parsed.data : [];
    return this.#raised;
  }

  /** Keeps these and no others. */
  async keep(raised: readonly Alarm[]): Promise<void> {
    this.#raised = raised;
    const text = JSON.stringify(raised);
    if (text === this.#kept) return;
    await replaceWhole(this.file, `${text}\n`);
    this.#kept = text;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off or written by somebody else
  }
}
