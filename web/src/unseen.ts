/** The sum of bounds; null, which is no bound, as soon as one is. */
export function unseen(bounds: (number | null | undefined)[]): number | null {
  let sum = 0;
  for (const bound of bounds) {
    if (bound == null) return null;
    sum += bound;
  }
  return sum;
}
