const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * Reads a JSON text. Throws a SyntaxError for what is none, and for an object that has the same key twice: of `"status":"FAIL","status":"PASS"` a
 * parser keeps the last, and nobody can say which was meant.
 */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Its strings are whole now: one before a colon is a key.
  let written = 0;
  for (const [, colon] of text.matchAll(STRINGS)) if (colon !== undefined) written += 1;
  if (written !== keysIn(value)) throw new SyntaxError('a key is there twice in an object of this JSON');
  return value;
}

/** Without recursion: JSON may lie deeper in itself than the stack is. */
function keysIn(value: unknown): number {
  let keys = 0;
  const left = [value];
  while (left.length > 0) {
    const each = left.pop();
    if (each === null || typeof each !== 'object') continue;
    const values: unknown[] = Object.values(each);
    if (!Array.isArray(each)) keys += values.length;
    for (const inner of values) left.push(inner);
  }
  return keys;
}
