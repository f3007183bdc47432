import type { Schemas } from '../../api/client';

/** How the state of a limit is coloured; without one nothing is in effect yet. */
export function limitKind(state: Schemas['LimitState'] | null): 'good' | 'warn' | 'bad' | 'plain' {
  if (state === 'set') return 'good';
  if (state === 'refused') return 'bad';
  return state === 'without_effect' ? 'warn' : 'plain';
}
