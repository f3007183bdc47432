import { expect, test } from 'vitest';

import { drawn, partial } from './steps';

const step = (hour: number, download_octets: number, upload_octets: number, covered_percent: number | null) => ({ from: `2026-11-30T0${hour}:00:00Z`, download_octets, upload_octets, covered_percent });

test('a step that nobody looked at is a gap, one in which nothing moved is 0', () => {
  const [, both, down] = drawn([step(0, 0, 0, 0), step(1, 0, 0, 100), step(2, 30, 10, 100)]);
  expect([both, down]).toEqual([[null, 0, 40], [null, 0, 30]]);
});

test('what is in the books is drawn, whoever looked', () => {
  expect(drawn([step(0, 5, 0, 0)])[1]).toEqual([5]);
});

test('steps not looked at throughout are counted; those ahead are none of them', () => {
  expect(partial([step(0, 0, 0, 0), step(1, 1, 1, 99.9), step(2, 1, 1, 100), step(3, 0, 0, null)])).toBe(2);
});
