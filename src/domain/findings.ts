import type { Finding } from './status.js';

/** What failed among them, in one line; undefined when nothing did. */
export function whatFailed(findings: readonly Finding[]): string | undefined {
  const failed = findings.filter(({ state }) => state === 'fail');
  return failed.length === 0 ? undefined : failed.map(({ name, detail }) => `${name} (${detail})`).join('; ');
}
