import { asWritten } from './as-written.js';
import type { Plan } from './plan.js';

/** One value that differs, under its path in the words of the file; absent where a plan doesn't have it. */
export interface PlanChange {
  readonly path: string;
  readonly old?: string;
  readonly new?: string;
  /** It is a secret that is written out in the file: it differs, and is not shown. */
  readonly secret?: true;
}

/** What is otherwise in the new plan than in the old one, in the order of the new one, what is gone last. None exactly when their hashes are the same. */
export function planChanges(before: Plan, after: Plan): PlanChange[] {
  const [old, now] = [asWritten(before), asWritten(after)];
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((path) => {
    const [was, is] = [old.get(path), now.get(path)];
    if (was?.value === is?.value) return [];
    return [
      {
        path,
        ...(was ? { old: was.shown } : {}),
        ...(is ? { new: is.shown } : {}),
        ...(was && is && was.shown === is.shown ? { secret: true as const } : {}),
      },
    ];
  });
}
