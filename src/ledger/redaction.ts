const REPLACEMENT = Buffer.from('[redacted]');

/**
 * Replaces secret values in a stream of bytes, also those that arrive in several chunks. Of several that begin at one place the longest
 * counts. It keeps back only bytes that may yet turn out to be the beginning of a secret.
 */
export class RedactingStream {
  readonly #secrets: readonly Buffer[];
  #pending: Buffer = Buffer.alloc(0);

  /** @param secrets values to replace; empty ones are ignored */
  constructor(secrets: readonly string[]) {
    this.#secrets = [...new Set(secrets)].filter((secret) => secret !== '').map((secret) => Buffer.from(secret));
    this.#secrets = [...this.#secrets].sort((one, other) => other.length - one.length);
  }

  /** Takes the next chunk. @returns what can be shown by now */
  write(chunk: Buffer): Buffer {
    if (this.#secrets.length === 0) return chunk;
    return this.#redact(this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]), false);
  }

  /** Nothing more comes. @returns the rest */
  end(): Buffer {
    return this.#redact(this.#pending, true);
  }

  #redact(bytes: Buffer, last: boolean): Buffer {
    const shown: Buffer[] = [];
    let from = 0;
    for (;;) {
      const open = last ? bytes.length : this.#firstOpen(bytes, from);
      const match = this.#firstMatch(bytes, from);
      if (match === undefined || match.at >= open) {
        shown.push(bytes.subarray(from, open));
        this.#pending = Buffer.from(bytes.subarray(open));
        return Buffer.concat(shown);
      }
      shown.push(bytes.subarray(from, match.at), REPLACEMENT);
      from = match.at + match.length;
    }
  }

  /** Where the first secret stands that is wholly there; the longest one if several begin there. */
  #firstMatch(bytes: Buffer, from: number): { at: number; length: number } | undefined {
    let first: { at: number; length: number } | undefined;
    for (const { length, at } of this.#secrets.map((secret) => ({
      length: secret.length,
      at: bytes.indexOf(secret, from),
    }))) {
      if (at >= 0 && (first === undefined || at < first.at)) first = { at, length };
    }
    return first;
  }

  /** Where the first secret begins that the end of these bytes cuts short; the end if there is none. */
  #firstOpen(bytes: Buffer, from: number): number {
    let open = bytes.length;
    for (const secret of this.#secrets) {
      for (let at = Math.max(from, bytes.length - secret.length + 1); at < open; at++) {
        if (bytes.compare(secret, 0, bytes.length - at, at) === 0) open = at;
      }
    }
    return open;
  }
}

/** Replaces secret values in a text. */
export function redactText(text: string, secrets: readonly string[]): string {
  const stream = new RedactingStream(secrets);
  return Buffer.concat([stream.write(Buffer.from(text)), stream.end()]).toString('utf8');
}
