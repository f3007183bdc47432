import { expect, test } from 'vitest';

import { credited, wantedCycle } from './cycles';

const cycles = [{ seq_no: 3 }, { seq_no: 2 }, { seq_no: 1 }];

test('the newest cycle is meant unless a number is named', () => {
  expect(wantedCycle(cycles, '')).toEqual({ seq_no: 3 });
  expect(wantedCycle(cycles, '2')).toEqual({ seq_no: 2 });
});

test('what names no cycle is none, and not the newest', () => {
  expect(['4', '0', 'two', '1x'].map((wanted) => wantedCycle(cycles, wanted))).toEqual(Array(4).fill(undefined));
  expect(wantedCycle([], '')).toBe(undefined);
});

test('credits of both directions are one figure', () => {
  expect(credited({ credited_upload_octets: 2, credited_download_octets: 40 })).toBe(42);
});
