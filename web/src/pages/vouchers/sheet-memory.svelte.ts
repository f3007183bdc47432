// What sheets are printed with, kept in this browser: the shop and its portal are the same for every batch.

interface Kept {
  title: string;
  portal: string;
}

const key = (what: keyof Kept) => `tikmeter-sheet-${what}`;
const read = (what: keyof Kept) => localStorage.getItem(key(what)) ?? '';

/** What was set last; '' for nothing. */
export const kept = $state<Kept>({ title: read('title'), portal: read('portal') });

export function keep(what: keyof Kept, value: string): void {
  kept[what] = value;
  localStorage.setItem(key(what), value);
}
