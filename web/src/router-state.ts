import type { Schemas } from './api/client';

const QUIET = ['online', 'waiting', 'connecting', 'disabled'];

/** Whether somebody should look. */
export function isTrouble(state: string): boolean {
  return !QUIET.includes(state);
}

/** How a state is coloured. */
export function stateKind(state: string): 'good' | 'plain' | 'bad' {
  if (state === 'online') return 'good';
  return isTrouble(state) ? 'bad' : 'plain';
}

/** Those in trouble first, then by name. */
export function troubleFirst(routers: Schemas['Router'][]): Schemas['Router'][] {
  const rank = (router: Schemas['Router']) => (isTrouble(router.state) ? 0 : router.state === 'disabled' ? 2 : 1);
  return [...routers].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
