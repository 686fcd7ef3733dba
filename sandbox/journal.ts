import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** deploy.sh's own journal, one JSON line an event: tests count real executions by its starts. */
export type JournalEntry =
  | { event: 'start'; id: string; at: string; pid: number; argv: string[]; candidate: string }
  | { event: 'end'; id: string; at: string; exitCode: number }
  /** Another deploy.sh was running beside this one. */
  | { event: 'overlap'; id: string; at: string; with: string[] };

type Start = Extract<JournalEntry, { event: 'start' }>;

/** Appends one line in one write, so that lines of two writers never mix. */
export function appendJournal(path: string, entry: JournalEntry): void {
  appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

/** Reads the journal; a sandbox without a deploy has none, which reads as empty. */
export function readJournal(path: string): JournalEntry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as JournalEntry);
}

/** The executions that began and wrote no end: still running, or killed. */
export function unfinished(entries: readonly JournalEntry[]): Start[] {
  const ended = new Set(entries.filter((entry) => entry.event === 'end').map((entry) => entry.id));
  return entries.filter((entry): entry is Start => entry.event === 'start' && !ended.has(entry.id));
}
