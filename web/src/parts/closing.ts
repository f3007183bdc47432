/** Under which a dialog tells what is in it how to close it. */
export const CLOSING = Symbol('closing');

export interface Closing {
  /** It cannot be closed now. */
  readonly busy: boolean;
  /** Closes it, after a question where something typed would be lost. */
  close(): void;
}
