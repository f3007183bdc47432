// Figures and instants for people: decimal units, the reader's own time zone. Never parsed back.

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Octets in the largest unit that leaves at least one digit before the point. */
export function octets(count) {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** An instant: the time today, date and time on other days, a dash when there is none. */
export function instant(text) {
  if (!text) return "–";
  const at = new Date(text);
  return at.toDateString() === new Date().toDateString() ? clock.format(at) : day.format(at);
}

/** A share of 100; a dash when there was nothing to observe. */
export function percent(value) {
  return value == null ? "–" : `${value.toFixed(value > 99.95 || value === 0 ? 0 : 1)} %`;
}
