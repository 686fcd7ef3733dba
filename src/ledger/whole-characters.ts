/** The longest UTF-8 sequence. */
const LONGEST = 4;

/** Where to cut bytes so that at most `most` of them come before it and no character of UTF-8 is torn. Bytes that are no UTF-8 are cut anywhere. */
export function cutAt(bytes: Uint8Array, most: number): number {
  if (most >= bytes.length) return beginsWithinLast(bytes) ?? bytes.length;
  return beginsWithinLast(bytes.subarray(0, most)) ?? Math.max(most, 0);
}

/** Where the first character begins: what was torn before it is skipped. */
export function firstWhole(bytes: Uint8Array): number {
  const at = bytes.subarray(0, LONGEST).findIndex((byte) => !isContinuation(byte));
  return at < 0 || at === LONGEST ? 0 : at;
}

/** At most the first `most` bytes of a text. */
export function cutText(text: string, most: number): string {
  const bytes = Buffer.from(text);
  return bytes.subarray(0, cutAt(bytes, most)).toString('utf8');
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Where a character begins that these bytes don't hold to its end. */
function beginsWithinLast(bytes: Uint8Array): number | undefined {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - LONGEST + 1); at--) {
    const byte = bytes[at] as number;
    if (isContinuation(byte)) continue;
    const length =
      byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1;
    return at + length > bytes.length ? at : undefined;
  }
  return undefined;
}
