import type { Look, Watched } from './watched.js';
import { withLooks, withValues } from './value-history.js';

/** What is known after one more look, taken at `now`, epoch milliseconds. What is remembered of an answer that stays away is the last one. */
export function takeLook(before: Watched, look: Look, now: number): Watched {
  const { environment, workflowId, history, view: last, seenAt, silence } = before;
  const known = { environment, workflowId, history };
  const since = silence?.since ?? seenAt ?? now;
  switch (look.kind) {
    case 'no server':
      return { ...before, silence: { since, of: 'server', why: look.why } };
    case 'no run':
      return { ...known, none: true, seenAt: now };
    case 'seen': {
      const { view, looks = [] } = look;
      if (view.silence !== undefined && view.running) {
        // A run that goes on as a new one is another run of the same go-live.
        const same = last?.running === true && last.startedAt <= view.startedAt;
        const { status, timeline } = same && last.status?.outcome === undefined ? last : {};
        return {
          ...known,
          view: { ...view, ...(status ? { status } : {}), ...(timeline ? { timeline } : {}) },
          ...(seenAt === undefined ? {} : { seenAt }),
          silence: { since, of: 'worker', why: view.silence },
        };
      }
      const watching = view.running ? view.status?.watching : undefined;
      const values = watching ? withLooks(withValues(history, watching, now), watching, looks) : history;
      return { ...known, view, seenAt: now, history: values };
    }
  }
}
