// Days in a zone that is not the device's own.

/** How far ahead of UTC the zone's clock is at that instant, milliseconds. */
function offset(at: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}

/** The instant at which the zone's clock shows the midnight that begins that day; `midnight` is the same midnight in UTC. */
function begin(midnight: number, zone: string): Date {
  // The clock may be moved on that day: the offset of the instant itself decides.
  const guess = new Date(midnight - offset(new Date(midnight), zone));
  return new Date(midnight - offset(guess, zone));
}

/** The instant at which today began on the zone's clock. */
export function startOfToday(zone: string, now: Date = new Date()): Date {
  const shown = new Date(now.getTime() + offset(now, zone));
  return begin(Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate()), zone);
}

/** The last second of a day, `2026-11-30`, on the zone's clock. */
export function endOfDay(day: string, zone: string): Date {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return new Date(begin(next.getTime(), zone).getTime() - 1_000);
}
