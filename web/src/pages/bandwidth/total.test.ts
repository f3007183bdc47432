import { expect, test } from 'vitest';

import { totalOf } from './total';

const one = { upload_bps: 1_000, download_bps: 4_000, upload_octets: 10, download_octets: 40 };
const unrated = { upload_bps: null, download_bps: null, upload_octets: 1, download_octets: 2 };

test('octets are of all, rates of those whose rates are known, and how many those are is told', () => {
  expect(totalOf([one, one, unrated])).toEqual({ up_bps: 2_000, down_bps: 8_000, up_octets: 21, down_octets: 82, rated: 2 });
});

test('a rate that nobody knows is no 0', () => {
  expect(totalOf([unrated])).toEqual({ up_bps: null, down_bps: null, up_octets: 1, down_octets: 2, rated: 0 });
});
