import type { Finding } from './status.js';

/** What is no pass among them, in one line; undefined when everything passed or was attested. Where proof is wanted, unknown is none. */
export function whatFailed(findings: readonly Finding[]): string | undefined {
  return listed(findings.filter(({ state }) => state === 'fail' || state === 'unknown'));
}

/** What is known to be bad among them, in one line. */
export function whatIsBad(findings: readonly Finding[]): string | undefined {
  return listed(findings.filter(({ state }) => state === 'fail'));
}

/** What nobody knows among them, in one line. */
export function whatIsUnknown(findings: readonly Finding[]): string | undefined {
  return listed(findings.filter(({ state }) => state === 'unknown'));
}

const listed = (findings: readonly Finding[]) =>
  findings.length === 0 ? undefined : findings.map(({ name, detail }) => `${name} (${detail})`).join('; ');
