import { formsOf, type Form, type Spellings } from './secret-spellings.js';

const REPLACEMENT = Buffer.from('[redacted]');

/**
 * Replaces secret values in a stream of bytes, however they are spelled (secret-spellings.ts), also those that arrive in several chunks. Of several
 * that begin at one place the longest counts. It keeps back only bytes that may yet turn out to be the beginning of a secret, so at most as many
 * as its longest spelling has; its time grows with the output.
 */
export class RedactingStream {
  readonly #index: Index;
  #pending: Buffer = Buffer.alloc(0);

  /** @param secrets values to replace; empty ones are ignored */
  constructor(secrets: readonly string[]) {
    this.#index = indexOf(secrets);
  }

  /** Takes the next chunk. @returns what can be shown by now */
  write(chunk: Buffer): Buffer {
    if (this.#index.empty) return chunk;
    return this.#redact(this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]), false);
  }

  /** Nothing more comes. @returns the rest */
  end(): Buffer {
    return this.#redact(this.#pending, true);
  }

  #redact(bytes: Buffer, last: boolean): Buffer {
    const shown: Buffer[] = [];
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      const first = bytes[at] as number;
      const second = bytes[at + 1];
      if (second !== undefined && this.#index.beginnings[(first << 8) | second] === 0) {
        at += 1;
        continue;
      }
      const { end, open } = this.#longestAt(bytes, at, this.#index.byFirst[first] ?? []);
      if (open && !last) break;
      if (end > at) {
        shown.push(bytes.subarray(from, at), REPLACEMENT);
        from = end;
      }
      at = Math.max(end, at + 1);
    }
    shown.push(bytes.subarray(from, at));
    this.#pending = Buffer.from(bytes.subarray(at));
    return Buffer.concat(shown);
  }

  /** Where the longest secret ends that begins here, and whether the end of these bytes cuts one short. */
  #longestAt(bytes: Buffer, at: number, forms: readonly Form[]): { end: number; open: boolean } {
    const found = { end: at, open: false };
    for (const form of forms) {
      const { end, open } = match(form, bytes, at);
      found.end = Math.max(found.end, end);
      found.open ||= open;
    }
    return found;
  }
}

/** What tells quickly where a secret may begin. */
interface Index {
  readonly empty: boolean;
  /** By the first two bytes: whether a secret may begin with them. */
  readonly beginnings: Uint8Array;
  /** By the first byte: the forms that may begin with it. */
  readonly byFirst: readonly (readonly Form[])[];
}

/** Many short texts are redacted with the same list. */
const indexes = new WeakMap<readonly string[], Index>();

function indexOf(secrets: readonly string[]): Index {
  const there = indexes.get(secrets);
  if (there) return there;
  const forms = [...new Set(secrets)].flatMap(formsOf);
  const beginnings = new Uint8Array(0x10000);
  for (const [first, second] of forms.flatMap(beginningsOf)) {
    if (second === undefined) beginnings.fill(1, first << 8, (first + 1) << 8);
    else beginnings[(first << 8) | second] = 1;
  }
  const byFirst = Array.from({ length: 0x100 }, (_, byte) => forms.filter((form) => form[0]?.next.has(byte)));
  const index = { empty: forms.length === 0, beginnings, byFirst };
  indexes.set(secrets, index);
  return index;
}

/** One spelling may be the beginning of another (`&` of `&amp;`), so there may be several places where a piece ends. */
function match(form: Form, bytes: Buffer, at: number): { end: number; open: boolean } {
  let ends = [at];
  let open = false;
  for (const piece of form) {
    const next: number[] = [];
    for (const end of ends) open = follow(piece, bytes, end, next) || open;
    if (next.length === 0) return { end: at, open };
    ends = next;
  }
  return { end: Math.max(...ends), open };
}

/** Adds to `ends` where a spelling of a piece ends that begins here. @returns whether the bytes end within one */
function follow(piece: Spellings, bytes: Buffer, at: number, ends: number[]): boolean {
  let node: Spellings | undefined = piece;
  for (let next = at; ; next++) {
    if (node.whole && !ends.includes(next)) ends.push(next);
    if (node.next.size === 0) return false;
    const byte = bytes[next];
    if (byte === undefined) return true;
    node = node.next.get(byte);
    if (node === undefined) return false;
  }
}

/** The first two bytes of all spellings of a form; a form of one byte has only a first. */
function beginningsOf([piece, following]: Form): [number, number | undefined][] {
  return [...(piece?.next ?? [])].flatMap(([first, node]) => [
    ...[...node.next.keys()].map((second): [number, number] => [first, second]),
    ...(node.whole
      ? following
        ? [...following.next.keys()].map((second): [number, number] => [first, second])
        : [[first, undefined] as [number, undefined]]
      : []),
  ]);
}

/** How texts end that were cut off (src/domain/text/cut-text.ts). */
const CUT = '…';
/** A beginning of a secret that is shorter tells nothing. */
const TELLING_BYTES = 3;

/** Replaces secret values in a text, and what stands before a `…` and may be the beginning of one: whoever cut it off knew no secrets. */
export function redactText(text: string, secrets: readonly string[]): string {
  const stream = new RedactingStream(secrets);
  const whole = Buffer.concat([stream.write(Buffer.from(text)), stream.end()]).toString('utf8');
  const parts = whole.split(CUT);
  return parts.map((part, index) => (index < parts.length - 1 ? withoutBeginning(part, secrets) : part)).join(CUT);
}

function withoutBeginning(text: string, secrets: readonly string[]): string {
  const stream = new RedactingStream(secrets);
  const shown = stream.write(Buffer.from(text));
  const open = stream.end();
  return Buffer.concat([shown, open.length < TELLING_BYTES ? open : REPLACEMENT]).toString('utf8');
}
