import { z } from 'zod';
import { line, sentences, TAG, type GoLiveInput } from '../run/input.js';

const request = z.strictObject({
  release: z.string().regex(new RegExp(TAG), 'must be the release tag of the hotfix'),
  by: line(),
  reason: line(),
});

/** A hotfix shall go live: the hypercare of the release before it ends. */
export type Supersede = z.output<typeof request>;

/** Reads the payload of `supersede`, or throws a sentence that says what was expected. */
export function readSupersede(
  raw: unknown,
  { environment, release, previousRelease }: Pick<GoLiveInput, 'environment' | 'release' | 'previousRelease'>,
): Supersede {
  const parsed = request.safeParse(raw);
  if (!parsed.success)
    throw new Error(`Superseding is {"release","by","reason"}: ${sentences(parsed.error).join('; ')}.`);
  if (parsed.data.release === release)
    throw new Error(`${release} is the release that is in hypercare now: name the one that comes after it.`);
  if (parsed.data.release === previousRelease)
    throw new Error(`${previousRelease} is the release before this one. To go back to it: golive abort ${environment}`);
  return parsed.data;
}
