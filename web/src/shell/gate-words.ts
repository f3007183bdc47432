// What is said at the door where the server says nothing.

import { shell } from '../i18n/shell';
import type { Words } from '../session.svelte';

export const GATE_WORDS: Words = {
  get noAnswer() { return shell.noAnswer; },
  odd: (status) => shell.odd(status),
};
