// Instants and spans for people, in the operator's zone.

import { spans } from '../i18n/spans';
import { UNKNOWN } from './amounts';

/** Where and in what words. */
export interface Reader {
  /** BCP 47: `en`, `id`. */
  locale: string;
  /** IANA name; undefined: the device's. */
  zone: string | undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using it, and long lists show thousands of instants. */
function format(reader: Reader, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${reader.locale} ${reader.zone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(reader.locale, { ...options, timeZone: reader.zone, hourCycle: 'h23' });
  formats.set(key, made);
  return made;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const DAY = { year: 'numeric', month: 'short', day: 'numeric' } as const;
const MINUTE = { hour: '2-digit', minute: '2-digit' } as const;

/** The clock alone on the day of `now`, day and clock otherwise. */
export function instant(at: Date, now: Date, reader: Reader): string {
  const day = format(reader, DAY);
  if (day.format(at) === day.format(now)) return format(reader, CLOCK).format(at);
  return format(reader, { ...DAY, ...MINUTE }).format(at);
}

/** A day: `30 Nov 2026`. */
export function day(at: Date, reader: Reader): string {
  return format(reader, DAY).format(at);
}

const SHORT_DAY = { month: 'short', day: 'numeric' } as const;

/** An instant beside an axis that spans so many seconds: the clock within five days, with the day at midnight; the day beyond. */
export function axisTime(at: Date, spanSeconds: number, reader: Reader): string {
  const clock = format(reader, spanSeconds < 600 ? CLOCK : MINUTE).format(at);
  const isDay = spanSeconds > 5 * 86_400 || (spanSeconds > 43_200 && /^00.00$/.test(clock));
  return isDay ? format(reader, SHORT_DAY).format(at) : clock;
}

/** The same instant in UTC, for whoever compares with a log. */
export function utc(at: Date): string {
  return `${at.toISOString().replace('T', ' ').replace(/\.\d+Z$/, '')} UTC`;
}

/** How long: the two largest units in the language that is chosen, `3d 4h`; `25h` never hides a day. */
export function span(seconds: number | null | undefined): string {
  if (seconds == null) return UNKNOWN;
  const whole = Math.max(0, Math.floor(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), spans.days],
    [Math.floor(whole / 3_600) % 24, spans.hours],
    [Math.floor(whole / 60) % 60, spans.minutes],
    [whole % 60, spans.seconds],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0${spans.seconds}`;
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count}${unit}`).join(' ');
}

/** Seconds from `at` to `now`, not below 0: clocks of two machines differ. */
export function secondsSince(at: Date, now: Date): number {
  return Math.max(0, (now.getTime() - at.getTime()) / 1000);
}
