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

/** The instant at which today began on the zone's clock. */
export function startOfToday(zone: string, now: Date = new Date()): Date {
  const shown = new Date(now.getTime() + offset(now, zone));
  const midnight = Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate());
  // The clock may have been moved since midnight: the offset of that instant decides.
  const guess = new Date(midnight - offset(now, zone));
  return new Date(midnight - offset(guess, zone));
}
