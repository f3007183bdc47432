// A long list of which the server gives pages: the first at once, others as somebody scrolls there.

import { untrack } from 'svelte';

import type { Page } from './api/client';
import { feed, type Feed } from './feed.svelte';

export interface Paged<T> extends Feed<T[]> {
  /** There is more behind what is loaded. */
  readonly more: boolean;
  /** Loads the page behind what is loaded; nothing while it does so already. */
  next(): Promise<void>;
}

interface Loaded<T> {
  items: T[];
  cursor: string | undefined;
}

/**
 * The list that `query` asks for, in pages of `ask`. Every so many milliseconds all that is loaded is asked for anew, since
 * rows come, go and change their places; a row that is met twice on the way, as `key` tells it, is shown once.
 */
export function paged<Q, T>(query: () => Q, ask: (query: Q, cursor: string | undefined) => Promise<Page<T>>, key: (row: T) => string, everyMs?: number): Paged<T> {
  // Pages that are looked at, of the query that is asked now.
  let [pages, asked] = [1, ''];
  let behind = $state.raw<{ of: Loaded<T>; all: Loaded<T> }>();
  let loading = false;

  async function joined(before: Loaded<T>, of: Q): Promise<Loaded<T>> {
    const page = await ask(of, before.cursor);
    const rows = new Map([...before.items, ...page.items].map((row) => [key(row), row]));
    return { items: [...rows.values()], cursor: page.next ?? undefined };
  }

  async function loaded(of: Q): Promise<Loaded<T>> {
    let all = await joined({ items: [], cursor: undefined }, of);
    for (let page = 1; page < pages && all.cursor; page += 1) all = await joined(all, of);
    return all;
  }

  const list = feed(() => {
    const of = query();
    const text = JSON.stringify(of);
    if (text !== asked) [pages, asked] = [1, text];
    return loaded(of);
  }, everyMs);
  const shown = $derived(behind && behind.of === list.value ? behind.all : list.value);

  async function next() {
    const [before, base, of] = untrack(() => [shown, list.value, query()] as const);
    if (loading || !before?.cursor || !base || JSON.stringify(of) !== asked) return;
    loading = true;
    try {
      const all = await joined(before, of);
      if (list.value !== base) return;
      pages += 1;
      behind = { of: base, all };
    } catch {
      // What is there stays; the next look at the end of it, or the next round, asks again.
    } finally {
      loading = false;
    }
  }

  return {
    get value() { return shown?.items; },
    get failure() { return list.failure; },
    get at() { return list.at; },
    get isOther() { return list.isOther; },
    get more() { return shown?.cursor !== undefined; },
    refresh: list.refresh,
    next,
  };
}
