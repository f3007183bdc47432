import { tick } from 'svelte';

const FIELD = 'input:not([type=checkbox], :disabled), select:not(:disabled), textarea:not(:disabled)';

/** Where there is something to fill in, one begins there; otherwise the browser begins at what closes, which is safe to press. */
export function focusFirst(dialog: HTMLElement): void {
  dialog.querySelector<HTMLElement>(FIELD)?.focus();
}

/** Once a dialog is gone: what had the focus has it again, or the page where that is gone too. A browser does so only for one that closed by itself. */
export function giveBack(before: Element | null): void {
  void tick().then(() => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const to = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : document.getElementById('content');
    to?.focus({ preventScroll: true });
  });
}
