import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectory } from '../../make-directory.js';
import type { Dependencies } from '../dependencies.js';
import { ownRun } from '../own-run.js';

export interface Announcement {
  readonly kind: 'message' | 'page';
  readonly text: string;
}

export interface AnnouncementActivities {
  /** Says something to people: a line in the worker's log and in the announcements file, and on the console. */
  readonly announce: (announcement: Announcement) => Promise<void>;
}

export function announcementActivities(outlets: Dependencies & AnnouncementOutlets): AnnouncementActivities {
  return {
    announce: (announcement) => announce(announcement, ownRun().workflowId, outlets),
  };
}

/** The built-in channel: log, console, announcements file. */
export async function announce(
  { kind, text }: Announcement,
  workflowId: string,
  { announcementsFile, log, console }: Pick<Dependencies, 'log'> & AnnouncementOutlets,
): Promise<void> {
  log.info({ workflowId, announcement: kind, text }, `${kind}: ${text}`);
  console?.(kind, text);
  await makeDirectory(dirname(announcementsFile));
  const record = { at: new Date().toISOString(), workflowId, kind, text };
  await appendFile(announcementsFile, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** Where announcements go besides the log. */
export interface AnnouncementOutlets {
  /** A file with one JSON line per announcement. */
  readonly announcementsFile: string;
  /** The terminal of someone who looks on, if there is one. */
  readonly console?: ((kind: Announcement['kind'], text: string) => void) | undefined;
}
