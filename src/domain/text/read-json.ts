/**
 * Reads a JSON text. Throws a SyntaxError for what is none, and for an object that has the same key twice: of `"status":"FAIL","status":"PASS"` a
 * parser keeps the last, and nobody can say which was meant.
 */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (keysWritten(text) !== keysIn(value)) throw new SyntaxError('duplicate key in an object of this JSON');
  return value;
}

/** How many strings of a JSON text stand before a colon. By hand: a pattern needs a stack as long as the longest string. */
function keysWritten(text: string): number {
  let keys = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    for (at += 1; text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
    let after = at + 1;
    while (/\s/.test(text[after] ?? '')) after += 1;
    if (text[after] === ':') keys += 1;
  }
  return keys;
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
