// What a page shows: asked for, kept, asked for again, with its age.

import { asFailure, type Failure } from './api/client';
import { connection } from './connection.svelte';

export interface Feed<T> {
  /** The last good answer. */
  readonly value: T | undefined;
  /** Why the last question got none. */
  readonly failure: Failure | undefined;
  /** When the value came. */
  readonly at: Date | undefined;
  /** Asks now. */
  refresh(): Promise<void>;
}

/**
 * Asks when a component begins, whenever what `ask` reads before its first await changes, and every so many
 * milliseconds while the page is looked at. Answers that were overtaken are dropped.
 */
export function feed<T>(ask: () => Promise<T>, everyMs?: number): Feed<T> {
  let value = $state.raw<T>();
  let failure = $state.raw<Failure>();
  let at = $state.raw<Date>();
  let [asked, shown] = [0, 0];

  async function refresh(): Promise<void> {
    const number = ++asked;
    const answer = ask();
    try {
      const got = await answer;
      if (number < shown) return;
      [shown, value, failure, at] = [number, got, undefined, new Date()];
    } catch (thrown) {
      if (number < shown) return;
      shown = number;
      failure = asFailure(thrown);
    }
  }

  $effect(() => {
    void connection.returns;
    void refresh();
    if (!everyMs) return;
    const timer = setInterval(() => {
      if (!document.hidden && !connection.lostSince) void refresh();
    }, everyMs);
    return () => clearInterval(timer);
  });

  $effect(() => {
    const looked = () => {
      if (everyMs && !document.hidden && at && Date.now() - at.getTime() > everyMs) void refresh();
    };
    document.addEventListener('visibilitychange', looked);
    return () => document.removeEventListener('visibilitychange', looked);
  });

  return {
    get value() { return value; },
    get failure() { return failure; },
    get at() { return at; },
    refresh,
  };
}
