// Something that a person does: once at a time, with what came of it.

import { asFailure, type Failure } from '../api/client';

export interface Act {
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  /** Does it; true when it went well. A second call while it runs does nothing. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

export function act(): Act {
  let busy = $state(false);
  let failure = $state.raw<Failure>();
  return {
    get busy() { return busy; },
    get failure() { return failure; },
    async run(work) {
      if (busy) return false;
      [busy, failure] = [true, undefined];
      try {
        await work();
        return true;
      } catch (thrown) {
        failure = asFailure(thrown);
        return false;
      } finally {
        busy = false;
      }
    },
  };
}
