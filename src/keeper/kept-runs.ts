import { z } from 'zod';
import { readWhole, replaceWhole } from '../durable-file.js';

const keptRunSchema = z.object({
  workflowId: z.string(),
  runId: z.string(),
  /** All of it is here, or will never be. Missing while something can come. */
  complete: z.enum(['whole', 'lost']).optional(),
  /** So often it was asked without becoming whole. */
  asked: z.number().optional(),
  /** When the folder was taken elsewhere the last time, epoch milliseconds, and how many bytes it had then. */
  copied: z.object({ at: z.number(), bytes: z.number() }).optional(),
  /** The copy is tried again then; it has failed since, and what it said. */
  failing: z.object({ since: z.number(), next: z.number(), why: z.string() }).optional(),
  /** Nothing more is to be done. */
  done: z.boolean().optional(),
});

/** How far the keeper is with the evidence of one run. */
export type KeptRun = z.output<typeof keptRunSchema>;

/** All of them, in a file. One that can't be read counts as none: at worst something is looked at or copied again. */
export async function readKept(file: string): Promise<KeptRun[]> {
  const text = (await readWhole(file).catch(() => undefined)) ?? '[]';
  try {
    const parsed = z.array(keptRunSchema).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return []; // cut off or written by somebody else
  }
}

export async function writeKept(file: string, runs: readonly KeptRun[]): Promise<void> {
  await replaceWhole(file, `${JSON.stringify(runs)}\n`);
}
