import { expect, test } from 'vitest';

import type { Schemas } from '../../api/client';
import { badge, inSentence, runs } from './happening';

function happened(over: Partial<Schemas['Happening']>): Schemas['Happening'] {
  return {
    at: '2026-11-30T10:00:00Z', kind: 'log', router: null, username: null, subscriber: null, service: null, upload_octets: null, download_octets: null,
    state: null, what: null, text: null, ...over,
  };
}

test('each kind has its sentence', () => {
  expect(inSentence(happened({ kind: 'session_began', username: 'ana', service: 'hotspot' }))).toBe('ana came online (hotspot)');
  expect(inSentence(happened({ kind: 'session_ended', username: 'ana', download_octets: 15_200_000, upload_octets: 0 }))).toBe('ana went offline: 15.2 MB down, 0 B up');
  expect(inSentence(happened({ kind: 'router_state', state: 'unreachable', text: 'No answer.' }))).toBe('unreachable: No answer.');
  expect(inSentence(happened({ kind: 'command', what: 'keep_limits', state: 'done' }))).toBe('keep_limits done');
  expect(inSentence(happened({ what: 'server', state: 'warn', text: 'full' }))).toBe('server: full');
});

test('the same again and again is one line with how often', () => {
  const full = happened({ what: 'server', state: 'warn', text: 'full' });
  const told = runs([{ ...full, at: '2026-11-30T10:00:02Z' }, full, happened({ kind: 'session_began', username: 'ana', service: 'pppoe' }), full]);
  expect(told.map(({ one, times }) => [one.at, times])).toEqual([['2026-11-30T10:00:02Z', 2], ['2026-11-30T10:00:00Z', 1], ['2026-11-30T10:00:00Z', 1]]);
});

test('trouble is coloured', () => {
  expect(badge(happened({ state: 'error' }))).toBe('bad');
  expect(badge(happened({ kind: 'router_state', state: 'online' }))).toBe('good');
  expect(badge(happened({ kind: 'router_state', state: 'unreachable' }))).toBe('bad');
  expect(badge(happened({ kind: 'command', state: 'unknown' }))).toBe('warn');
  expect(badge(happened({ kind: 'session_ended' }))).toBe('plain');
});
