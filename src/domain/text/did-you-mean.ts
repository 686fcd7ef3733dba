/** " Did you mean …?" for a mistyped word, or the list of what there is. */
export function didYouMean(word: string, known: readonly string[]): string {
  return guess(word, known) || (known.length > 0 ? ` Known here: ${known.join(', ')}.` : '');
}

/** " Did you mean …?" where one of them is close; nothing else. */
export function guess(word: string, known: readonly string[]): string {
  const [closest] = known
    .map((each) => ({ each, distance: distance(word, each) }))
    .sort((a, b) => a.distance - b.distance);
  return closest && closest.distance <= Math.max(2, word.length / 3) ? ` Did you mean "${closest.each}"?` : '';
}

/** The edit distance of two words, without regard to case. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  [...a.toLowerCase()].forEach((letter, i) => {
    const next = [i + 1];
    [...b.toLowerCase()].forEach((other, j) => {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    });
    row = next;
  });
  return row[b.length] ?? a.length;
}
