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
