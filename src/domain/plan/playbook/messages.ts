import { z } from 'zod';
import { formatDuration } from '../../time/duration.js';
import { onlyPlaceholders, positive, text } from './scalars.js';

/** Names that every message may use as `{…}`. */
export const MESSAGE_VALUES = ['service', 'environment', 'release', 'previousRelease', 'decisionOwner'] as const;

/** "Next update in 10 min": what a text promises by itself, in minutes. */
const PROMISE = /next (?:update|status) in (\d+) ?min/i;

export interface Message {
  readonly text: string;
  /** In so many milliseconds the next message comes, whatever happens: it is promised. */
  readonly nextUpdate?: number;
}

/** A template: its text alone, or with the promise it makes. `more`: what only this message can name. */
function message(...more: string[]) {
  const template = text.superRefine(onlyPlaceholders([...MESSAGE_VALUES, ...more]));
  return z
    .union(
      [
        template.transform((text): Message => ({ text })),
        z
          .strictObject({ text: template, nextUpdate: positive })
          .transform(({ text, nextUpdate }): Message => ({ text, nextUpdate })),
      ],
      {
        error: 'must be a text, or { text, nextUpdate }',
      },
    )
    .superRefine(({ text, nextUpdate }, context) => {
      const minutes = PROMISE.exec(text)?.[1];
      if (minutes === undefined || nextUpdate === Number(minutes) * 60_000) return;
      const kept = nextUpdate === undefined ? 'nothing would keep that' : `nextUpdate is ${formatDuration(nextUpdate)}`;
      context.addIssue({
        code: 'custom',
        message: `promises an update in ${minutes} min, and ${kept}: write { text: …, nextUpdate: ${minutes}m }`,
      });
    });
}

/** The playbook's messages (§6) A to D and what else people are told, one template an event. */
export const messages = z.strictObject({
  started: message(),
  canaryHealthy: message(),
  complete: message(),
  aborted: message('reason'),
  rolledBack: message('reason'),
  /** Keeps a promised update when nothing else is to be told: `detail` is what goes on. Its promises grow with time, so its text can't say a fixed one. */
  update: message('phase', 'detail', 'nextUpdate')
    .refine(
      ({ text }) => !PROMISE.test(text),
      'promises a fixed time, and updates come rarer with time: write "Next update in {nextUpdate}."',
    )
    .prefault({
      text: '{service} release {release}: {detail} Decision owner: {decisionOwner}. Next update in {nextUpdate}.',
      nextUpdate: '10m',
    }),
  rejected: message('reason').prefault('{service} release {release} rejected: {reason}. Nothing was deployed.'),
  abortedEarly: message('reason').prefault('{service} release {release} aborted: {reason}. Nothing was deployed.'),
  rollbackFailed: message('reason').prefault('{service} rollback to {previousRelease} is not proven: {reason}'),
  restoreProposed: message('detail').prefault('{service}: a data restore can be approved. {detail}'),
  restored: message('detail').prefault('{service}: data restored. {detail}'),
  restoreRefused: message('detail').prefault('{service}: data not restored. {detail}'),
  /** The restore command was run and did not succeed. */
  restoreFailed: message('detail').prefault(
    '{service}: the data restore did not succeed; find out how the data are. {detail}',
  ),
  review: message('detail').prefault('{service} release {release}, hypercare review: {detail}'),
  superseded: message('reason').prefault('{service} release {release}: hypercare ended by a hotfix. {reason}'),
  closed: message('detail').prefault('{service} release {release}: hypercare over. {detail}'),
  /** Told with the start. */
  freezeOverridden: message('reason').prefault('{service} release {release} begins {reason}'),
  handedOver: message('reason').prefault(
    '{service} release {release}: the decision owner is now {decisionOwner}. {reason}',
  ),
  /** What a page of a hold says. */
  page: message('reason', 'answer').prefault('{reason} Answer with: {answer}'),
});

export type Messages = z.output<typeof messages>;
/** What people are told about. */
export type MessageEvent = keyof Messages;
