// What cannot be undone is clicked twice.

import { ownClick } from './own-click';

/** So long the second click is waited for: whoever comes back to the page later begins anew. */
const WAIT_MS = 5_000;

export interface Twice {
  /** It was clicked once. */
  readonly isAsked: boolean;
  /** Takes a click; true for the one that confirms. */
  click(event: MouseEvent): boolean;
  /** Something else is looked at: the next click is a first one again. */
  forget(): void;
}

export function twice(): Twice {
  let isAsked = $state(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function forget() {
    clearTimeout(timer);
    isAsked = false;
  }

  return {
    get isAsked() { return isAsked; },
    click(event) {
      if (!isAsked) {
        isAsked = true;
        timer = setTimeout(forget, WAIT_MS);
        return false;
      }
      if (!ownClick(event)) return false;
      forget();
      return true;
    },
    forget,
  };
}
