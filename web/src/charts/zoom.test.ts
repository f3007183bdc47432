import { expect, test } from 'vitest';

import { extent, scaled } from './zoom';

test('closer is around the middle', () => {
  expect(scaled([0, 100], [0, 100], 0.5, 1)).toEqual([25, 75]);
});

test('further off stays within what there is, and ends with all of it', () => {
  expect(scaled([10, 30], [0, 100], 2, 1)).toEqual([0, 40]);
  expect(scaled([80, 100], [0, 100], 2, 1)).toEqual([60, 100]);
  expect(scaled([10, 90], [0, 100], 2, 1)).toEqual([0, 100]);
});

test('nothing is shown so close that it holds less than the least', () => {
  expect(scaled([40, 60], [0, 100], 0.5, 20)).toEqual([40, 60]);
});

test('the last bar is shown whole', () => {
  expect(extent([0, 60, 120], true)).toEqual([0, 180]);
  expect(extent([0, 60, 120], false)).toEqual([0, 120]);
  expect(extent([], true)).toBeUndefined();
});
