/** The known word that somebody may have meant: the same but for case and signs, or at most two letters away. */
export function nearest(word: string, known: readonly string[]): string | null {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const ranked = known
    .map((each) => ({ each, apart: distance(plain(word), plain(each)) }))
    .filter(({ apart, each }) => apart <= Math.min(2, each.length / 2))
    .sort((a, b) => a.apart - b.apart);
  return ranked[0]?.each ?? null;
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}
