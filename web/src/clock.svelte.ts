// One clock for all ages on the page, so that a hundred of them cost one timer. It is the server's: a phone whose own is ten
// minutes slow would call old figures new.

/** The header tells whole seconds, and answers take a while: within this the two clocks are the same. */
const NEAR_MS = 2_000;

let aheadMs = 0;

export const clock = $state({ now: new Date() });

/** What time it is where the figures come from. */
export function serverNow(): Date {
  return new Date(Date.now() + aheadMs);
}

/** Learns the server's time from an answer's `Date`; what is none changes nothing. */
export function learnTime(header: string | null): void {
  const told = Date.parse(header ?? '');
  if (Number.isNaN(told) || Math.abs(told - serverNow().getTime()) <= NEAR_MS) return;
  aheadMs = told - Date.now();
  clock.now = serverNow();
}

setInterval(() => {
  if (!document.hidden) clock.now = serverNow();
}, 1000);

document.addEventListener('visibilitychange', () => {
  clock.now = serverNow();
});
