// Lists of what happened: followed until somebody reads, copied as text.

const EVERY_MS = 3_000;
const SAID_MS = 2_000;

export interface Following {
  /** What is new is shown as it comes; without it what is shown stays where it is. */
  on: boolean;
  /** True for a moment after copying. */
  readonly copied: boolean;
  copy(lines: string[]): Promise<void>;
}

/** Follows as long as the page is looked at. */
export function following(refresh: () => Promise<void>): Following {
  let on = $state(true);
  let copied = $state(false);

  $effect(() => {
    if (!on) return;
    const timer = setInterval(() => { if (!document.hidden) void refresh(); }, EVERY_MS);
    return () => clearInterval(timer);
  });

  return {
    get on() { return on; },
    set on(value) { on = value; },
    get copied() { return copied; },
    async copy(lines) {
      await navigator.clipboard.writeText(lines.join('\n'));
      copied = true;
      setTimeout(() => (copied = false), SAID_MS);
    },
  };
}
