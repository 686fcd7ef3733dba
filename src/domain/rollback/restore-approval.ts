import { z } from 'zod';
import { shellWord } from '../text/shell-word.js';
import { line, sentences } from '../run/input.js';
import type { Plan } from '../plan/plan.js';
import type { Backup } from './restore-status.js';

/** The namespace of the signatures: one made for anything else approves nothing. */
export const SIGNATURE_NAMESPACE = 'golive-restore';

const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-03-01T14:30:00Z' });
/** When an approval ends. */
export const expiry = () => time;

const approval = z.strictObject({
  by: line(),
  reason: line(),
  /** As `ssh-keygen -Y sign` writes it. */
  signature: z.string().trim().min(1, 'must not be empty').max(16_384, 'is longer than any SSH signature').optional(),
  /** ISO: after this the signature approves nothing. The end of the question when left out. */
  expires: time.optional(),
});

/** What an incident lead sends with `approveRestore`. */
export type Approval = z.output<typeof approval>;

/** What is asked: this backup, in this run, until then. */
export interface Proposal extends Backup {
  readonly workflowId: string;
  /** The run ID the go-live began with. */
  readonly runId: string;
  /** ISO: silence until then is a no. */
  readonly until: string;
}

/** Reads the payload of `approveRestore`, or says what is wrong with it. */
export function readApproval(raw: unknown): Approval | { readonly refused: string } {
  const parsed = approval.safeParse(raw);
  return parsed.success
    ? parsed.data
    : {
        refused: `An approval is {"by","reason"}, and {"signature","expires"} where it has to be signed: ${sentences(parsed.error).join('; ')}.`,
      };
}

/** The very bytes that a lead signs: they say which backup, which run, who and until when, so that a signature serves for nothing else. */
export function approvalText(
  { workflowId, runId, name, sha256, until }: Proposal,
  { by, expires }: Pick<Approval, 'by' | 'expires'>,
): string {
  return [
    'golive restore approval',
    `workflow: ${workflowId}`,
    `run: ${runId}`,
    `backup: ${name}`,
    `manifest: sha256:${sha256}`,
    `approved by: ${by}`,
    `expires: ${expires ?? until}`,
    '',
  ].join('\n');
}

/** Why this approval can't count, or undefined when only its signature is left to be looked at. `now` in epoch milliseconds. */
export function approvalRefusal(
  { by, signature, expires }: Approval,
  proposal: Proposal,
  { leads, signers }: { leads: readonly string[]; signers?: string | undefined },
  environment: string,
  now: number,
): string | undefined {
  if (!leads.includes(by))
    return `${by} is not an incident lead of this plan, and only they may approve a restore: ${leads.join(', ')}.`;
  const until = expires ?? proposal.until;
  if (Date.parse(until) <= now) return `This approval has expired, at ${until}: sign it again with a later time.`;
  if (Date.parse(until) > Date.parse(proposal.until))
    return `An approval may expire at ${proposal.until} at the latest, when the question ends; this one says ${until}.`;
  if (signers !== undefined && signature === undefined) {
    return `An approval has to be signed here. Sign and send it with: golive restore ${environment} --approve --by ${shellWord(by)} --key ~/.ssh/id_ed25519`;
  }
  return undefined;
}

const RESTORE_STEPS = ['restore-drill', 'restore'];

/** Who alone may say what to do about a command whose end nobody knows; undefined when anybody may. */
export function whoDecidesAbout(step: string, { rollback: { restore } }: Plan): readonly string[] | undefined {
  return RESTORE_STEPS.includes(step) ? restore?.leads : undefined;
}
