// A history is looked at in windows, each as long as what the server gives without being asked for a span.

const HOUR_MS = 3_600_000;
const LENGTH_MS = { hour: 48 * HOUR_MS, day: 31 * 24 * HOUR_MS };

/** What to ask for so many windows before the newest, of which the server knows best where it is. */
export function windowOf(step: 'hour' | 'day', back: number, now: Date): { from?: string; to?: string } {
  if (back <= 0) return {};
  const at = (windows: number) => new Date(now.getTime() - windows * LENGTH_MS[step]).toISOString();
  return { from: at(back + 1), to: at(back) };
}
