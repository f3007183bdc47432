// Where the person is: the address, which alone decides what is shown. Filters live behind its question mark.

import { tick } from 'svelte';

const START = '/admin';

interface Place {
  path: string;
  search: string;
}

function current(): Place {
  return { path: location.pathname.replace(/\/+$/, '') || '/', search: location.search };
}

export const place = $state<Place>(current());

window.addEventListener('popstate', () => {
  const before = place.path;
  Object.assign(place, current());
  if (before !== place.path) toContent();
});

/** Whoever reads with the keyboard goes on in the new page, and not where the link was. */
function toContent(): void {
  // What closes with the page before (the menu of a phone, a dialog) gives the focus back first.
  void tick().then(() => document.getElementById('content')?.focus({ preventScroll: true }));
}

/** Goes to an address of the admin. */
export function go(address: string, how: { replace?: boolean } = {}): void {
  if (how.replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  const before = place.path;
  Object.assign(place, current());
  if (before === place.path) return;
  window.scrollTo(0, 0);
  toContent();
}

/** The last part of the path, as people write it. */
export function lastPart(): string {
  return decoded(place.path.split('/').pop() ?? '');
}

/** What the address says of `name`; '' when nothing. */
export function filter(name: string): string {
  return new URLSearchParams(place.search).get(name) ?? '';
}

/** Puts filters into the address; empty ones leave it. The back button goes to the page before, not the letter before. */
export function setFilters(changes: Record<string, string>): void {
  const parameters = new URLSearchParams(place.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) parameters.set(name, value);
    else parameters.delete(name);
  }
  const search = parameters.toString();
  go(search ? `${place.path}?${search}` : place.path, { replace: true });
}

/** Lets links within the admin change the place without loading anything. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname !== START && !link.pathname.startsWith(`${START}/`)) return;
  // To a part of this very page: the browser scrolls there and moves the focus.
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

/** The parts of `path` that `pattern` names, `/admin/routers/:name`; undefined when it is another path. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [at, word] of wanted.entries()) {
    const here = given[at] ?? '';
    if (word.startsWith(':') && here) parts[word.slice(1)] = decoded(here);
    else if (word !== here) return undefined;
  }
  return parts;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
