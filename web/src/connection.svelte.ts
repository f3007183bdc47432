// Whether the server answers. While it does not, one small question every two seconds finds out when it does again.

import { serverNow } from './clock.svelte';

const AGAIN_MS = 2_000;

class Connection {
  /** Since when it does not answer; undefined while it does. */
  lostSince = $state<Date>();
  /** Whether it says that its figures are simulated. */
  simulated = $state(false);
  /** Grows each time the server is back: what shows figures asks again at once. */
  returns = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  lost(): void {
    this.lostSince ??= serverNow();
    this.#timer ??= setTimeout(() => void this.#probe(), AGAIN_MS);
  }

  alive(simulated: boolean): void {
    this.simulated = simulated;
    if (!this.lostSince) return;
    this.lostSince = undefined;
    this.returns += 1;
  }

  async #probe(): Promise<void> {
    this.#timer = undefined;
    try {
      const answer = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(5_000) });
      if (!answer.ok) throw new Error('not well');
      this.alive(answer.headers.get('tikmeter-simulated') === 'true');
    } catch {
      this.lost();
    }
  }
}

export const connection = new Connection();
