import { InvalidArgumentError } from 'commander';
import type { Attestations } from '../../domain/run/input.js';
import { didYouMean } from '../../domain/text/did-you-mean.js';

/** What a person can vouch for at a start. Listed, for the schema that has them too would be loaded for the help of every command. */
const KEYS: Readonly<Record<keyof Attestations, true>> = {
  restoreDrill: true,
  stagingParity: true,
  openIncidents: true,
  frozenRules: true,
  earlierCommands: true,
};
export const ATTESTATION_KEYS = Object.keys(KEYS) as (keyof Attestations)[];

/** Adds one `--attest key=text`; the key also as status shows it, `staging-parity`. Throws a sentence that names the keys. */
export function attestationOption(text: string, before: Attestations = {}): Attestations {
  const at = text.indexOf('=');
  const said = text.slice(at + 1).trim();
  if (at < 1 || said === '')
    throw new InvalidArgumentError(
      `Write what you vouch for as key=text, such as stagingParity="compared by Ana, ticket 812".`,
    );
  const given = text.slice(0, at).trim();
  const name = given.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const key = ATTESTATION_KEYS.find((each) => each === name);
  if (!key) throw new InvalidArgumentError(`There is no attestation "${given}".${didYouMean(name, ATTESTATION_KEYS)}`);
  if (before[key] !== undefined) throw new InvalidArgumentError(`"${key}" is attested twice. Say it once.`);
  return { ...before, [key]: said };
}
