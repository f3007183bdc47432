// Spans of time that a chart shows, seconds since 1970: what a button or a finger makes of one.

export type Span = [from: number, to: number];

/** Times as long as `shown`, around its middle and within `whole`: all of it where that is not longer. */
export function scaled(shown: Span, whole: Span, times: number, least: number): Span {
  const length = Math.max((shown[1] - shown[0]) * times, least);
  if (length >= whole[1] - whole[0]) return whole;
  const middle = (shown[0] + shown[1]) / 2;
  const from = Math.min(Math.max(middle - length / 2, whole[0]), whole[1] - length);
  return [from, from + length];
}

/** All that there is to show: a bar lasts as long as the step before it did. */
export function extent(times: ArrayLike<number>, bars: boolean): Span | undefined {
  const [first, last, before] = [times[0], times[times.length - 1], times[times.length - 2]];
  if (first === undefined || last === undefined) return undefined;
  return [first, bars ? last + (before === undefined ? 3_600 : last - before) : last];
}
