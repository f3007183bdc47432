import { expect, test } from 'vitest';

import { startOfToday } from './zone';

test('a day begins by the clock of its zone', () => {
  const now = new Date('2026-11-30T20:15:30.500Z');
  expect(startOfToday('Asia/Jakarta', now).toISOString()).toBe('2026-11-30T17:00:00.000Z');
  expect(startOfToday('UTC', now).toISOString()).toBe('2026-11-30T00:00:00.000Z');
  expect(startOfToday('America/New_York', now).toISOString()).toBe('2026-11-30T05:00:00.000Z');
});

test('a clock that was moved since midnight does not move midnight', () => {
  expect(startOfToday('Europe/Berlin', new Date('2026-03-29T12:00:00Z')).toISOString()).toBe('2026-03-28T23:00:00.000Z');
});
