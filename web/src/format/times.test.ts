import { afterEach, expect, test } from 'vitest';

import { settings } from '../settings.svelte';
import { axisTime, instant, secondsSince, span, utc } from './times';

afterEach(() => { settings.language = 'en'; });

const jakarta = { locale: 'en', zone: 'Asia/Jakarta' };

test('today is the clock alone, in the zone of the reader', () => {
  const at = new Date('2026-11-29T17:30:05Z');
  expect(instant(at, new Date('2026-11-30T10:00:00Z'), jakarta)).toBe('00:30:05');
  expect(instant(at, new Date('2026-11-30T18:00:00Z'), jakarta)).toContain('Nov 30');
});

test('an axis is as exact as what it spans', () => {
  const at = new Date('2026-11-29T17:30:05Z');
  expect([300, 3_600, 30 * 86_400].map((seconds) => axisTime(at, seconds, jakarta))).toEqual(['00:30:05', '00:30', 'Nov 30']);
  // Of two days no two labels are the same.
  const hours = ['2026-11-29T05:00:00Z', '2026-11-29T17:00:00Z'].map((text) => axisTime(new Date(text), 49 * 3_600, jakarta));
  expect(hours).toEqual(['12:00', 'Nov 30']);
});

test('spans keep days apart from hours and say nothing of empty units', () => {
  expect([0, 59, 60, 3_661, 90_000, 86_400, 259_200].map(span)).toEqual(['0s', '59s', '1m', '1h 1m', '1d 1h', '1d', '3d']);
  expect(span(null)).toBe('–');
});

test('in Indonesian no unit can be taken for another one', () => {
  settings.language = 'id';
  expect([0, 12, 3_661, 97_200, 259_200].map(span)).toEqual(['0dtk', '12dtk', '1j 1m', '1hr 3j', '3hr']);
});

test('an instant in UTC says so', () => {
  expect(utc(new Date('2026-11-30T01:02:03.456Z'))).toBe('2026-11-30 01:02:03 UTC');
});

test('an age is never negative', () => {
  expect(secondsSince(new Date(5_000), new Date(2_000))).toBe(0);
});
