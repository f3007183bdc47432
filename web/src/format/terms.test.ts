import { afterEach, expect, test } from 'vitest';

import { settings } from '../settings.svelte';
import { cycleName, scopeName, speeds } from './terms';

afterEach(() => { settings.language = 'en'; });

test('download stands first, and what is not limited says so', () => {
  expect(speeds({ down: 2_000_000, up: 512_000 })?.replaceAll('\u00a0', ' ')).toBe('↓ 2 Mbps ↑ 512 kbps');
  expect(speeds({ down: null, up: 1_500_000 })).toBe('↓\u00a0∞ ↑\u00a01.5\u00a0Mbps');
  expect(speeds({ down: null, up: 0 })).toBeUndefined();
});

test('phrases of the API are told in the language that is chosen, unknown ones as they are', () => {
  expect(['renewal', 'every 30 days', 'day 31', 'at noon'].map(cycleName)).toEqual(['renewal', 'every 30 days', 'day 31 of the month', 'at noon']);
  expect(['all', 'router:tower 1', 'router lake', 'group:east', 'moon'].map(scopeName)).toEqual(['on all routers', 'on tower 1', 'on lake', 'in the group east', 'moon']);
  settings.language = 'id';
  expect([cycleName('every 30 days'), scopeName('router:lake')]).toEqual(['setiap 30 hari', 'di lake']);
});
