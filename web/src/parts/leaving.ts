interface State {
  /** Something is being done whose outcome must be seen. */
  busy: boolean;
  /** Something was typed and not taken. */
  unsaved: boolean;
  /** It was said that what was typed may go. */
  sure: boolean;
}

/** What becomes of the wish to leave a dialog. */
export function whenLeaving({ busy, unsaved, sure }: State): 'stay' | 'ask' | 'go' {
  if (busy) return 'stay';
  return unsaved && !sure ? 'ask' : 'go';
}
