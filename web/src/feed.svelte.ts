// What a page shows: asked for, kept, asked for again, with its age.

import { untrack } from 'svelte';

import { asFailure, type Failure } from './api/client';
import { connection } from './connection.svelte';

export interface Feed<T> {
  /** The last good answer. */
  readonly value: T | undefined;
  /** Why the last question got none. */
  readonly failure: Failure | undefined;
  /** When the value came. */
  readonly at: Date | undefined;
  /** The value answers another question than the one that is asked now: another filter. */
  readonly isOther: boolean;
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
  let isOther = $state(false);
  let [asked, shown, underWay] = [0, 0, 0];
  /** The first question of those that are the same as the one that is asked now. */
  let same = 0;
  let returns = connection.returns;

  async function refresh(): Promise<void> {
    const number = ++asked;
    underWay += 1;
    try {
      const got = await ask();
      if (number < shown || number < same) return;
      [shown, value, failure, at, isOther] = [number, got, undefined, new Date(), false];
    } catch (thrown) {
      if (number < shown || number < same) return;
      [shown, failure] = [number, asFailure(thrown)];
    } finally {
      underWay -= 1;
    }
  }

  $effect(() => {
    const isBack = returns !== connection.returns;
    returns = connection.returns;
    if (!isBack) [same, isOther] = [asked + 1, untrack(() => value !== undefined)];
    void refresh();
    if (!everyMs) return;
    const timer = setInterval(() => {
      // A server that takes longer than that is not asked twice at once.
      if (!document.hidden && !connection.lostSince && !underWay) void refresh();
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
    get isOther() { return isOther; },
    refresh,
  };
}
