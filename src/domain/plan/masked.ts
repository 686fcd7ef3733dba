/** What stays of a secret as a playbook file has it: each `${VAR}` without its default; what is written out becomes `…`. */
export function masked(secret: string): string {
  return secret
    .split(/(\$\{\w+)(?::-[^}]*)?(\})/)
    .map((piece) => (piece.startsWith('${') || piece === '}' || piece === '' ? piece : '…'))
    .join('');
}

/** The text without what is written out before an `@` of an address: a user with a password. */
export const maskedAddresses = (text: string): string =>
  text.replace(/:\/\/((?:\$\{[^}]*\}|[^\s/@])*)@/g, (_, who: string) => `://${masked(who)}@`);

/** An address that is a secret itself, such as of a chat's webhook: of what is written out only the host. */
export function maskedUrl(url: string): string {
  const host = /^https?:\/\/[\w.:[\]-]+/.exec(url)?.[0];
  return host === undefined ? masked(url) : `${host}${masked(url.slice(host.length))}`;
}

const SECRET_KEY = /(password|passwd|bearer|token|secret|authorization|api_?key)$/i;

/** Whether a key names a secret. */
export const namesSecret = (key: string): boolean => SECRET_KEY.test(key);

const SECRETS = new Set(['password', 'bearer', 'routingKey']);

/** A text of a plan as people may see it, by where it stands there. */
export function maskedAt(text: string, path: readonly string[]): string {
  const [key = '', around = ''] = [path.at(-1), path.at(-2)];
  if (SECRETS.has(key) || around === 'headers' || (around === 'environment' && namesSecret(key))) return masked(text);
  if (key === 'url' && (path[0] === 'channels' || path[0] === 'deadMan')) return maskedUrl(text);
  return maskedAddresses(text);
}

/** A plan, or a part of one that stands at `path`, without the secrets that are written out in its file. It has another hash: it is for people, and never run. */
export function withoutSecrets(part: unknown, path: readonly string[] = []): unknown {
  if (typeof part === 'string') return maskedAt(part, path);
  if (Array.isArray(part)) return part.map((each, index) => withoutSecrets(each, [...path, String(index)]));
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, withoutSecrets(each, [...path, key])]));
}
