import { expect, test } from 'vitest';

import { endOfDay, startOfToday } from './zone';

test('a day begins by the clock of its zone', () => {
  const now = new Date('2026-11-30T20:15:30.500Z');
  expect(startOfToday('Asia/Jakarta', now).toISOString()).toBe('2026-11-30T17:00:00.000Z');
  expect(startOfToday('UTC', now).toISOString()).toBe('2026-11-30T00:00:00.000Z');
  expect(startOfToday('America/New_York', now).toISOString()).toBe('2026-11-30T05:00:00.000Z');
});

test('a clock that was moved since midnight does not move midnight', () => {
  expect(startOfToday('Europe/Berlin', new Date('2026-03-29T12:00:00Z')).toISOString()).toBe('2026-03-28T23:00:00.000Z');
});

test('a day ends by the clock of its zone', () => {
  expect(endOfDay('2026-11-30', 'Asia/Jakarta').toISOString()).toBe('2026-11-30T16:59:59.000Z');
  expect(endOfDay('2026-12-31', 'America/New_York').toISOString()).toBe('2027-01-01T04:59:59.000Z');
  expect(endOfDay('2026-11-30', 'UTC').toISOString()).toBe('2026-11-30T23:59:59.000Z');
});

test('a day on which the clock is moved ends with it', () => {
  expect(endOfDay('2026-03-29', 'Europe/Berlin').toISOString()).toBe('2026-03-29T21:59:59.000Z');
  expect(endOfDay('2026-10-25', 'Europe/Berlin').toISOString()).toBe('2026-10-25T22:59:59.000Z');
  // Here the clock is moved between the zone's midnight and that of UTC.
  expect(endOfDay('2026-09-26', 'Pacific/Auckland').toISOString()).toBe('2026-09-26T11:59:59.000Z');
});
