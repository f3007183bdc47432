import { expect, test } from 'vitest';

import { windowOf } from './windows';

const now = new Date('2026-11-30T12:00:00Z');

test('the newest is what the server gives by itself', () => {
  expect(windowOf('day', 0, now)).toEqual({});
});

test('each before it ends where the next one begins', () => {
  expect(windowOf('hour', 1, now)).toEqual({ from: '2026-11-26T12:00:00.000Z', to: '2026-11-28T12:00:00.000Z' });
  expect(windowOf('day', 2, now).to).toBe(windowOf('day', 1, now).from);
});
