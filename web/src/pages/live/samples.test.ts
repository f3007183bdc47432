import { expect, test } from 'vitest';

import { Samples, type Sample } from './samples';

const sample = (at: number, over = 1): Sample => ({ at, over, upload: at, download: at * 2 });

function with_(...times: number[]): Samples {
  const samples = new Samples();
  for (const at of times) samples.add(sample(at));
  return samples;
}

test('what nobody saw is a gap, not a line', () => {
  expect(with_(1, 2, 10).rows()).toEqual([[1, 2, 2.5, 10], [2, 4, null, 20], [1, 2, null, 10]]);
});

test('samples of five seconds that follow each other leave no gap', () => {
  const samples = new Samples();
  for (const at of [5, 10, 15]) samples.add(sample(at, 5));
  expect(samples.rows()[0]).toEqual([5, 10, 15]);
});

test('a sample that comes again or too late is not drawn twice', () => {
  expect(with_(1, 3, 3, 2, 4).rows()[0]).toEqual([1, 3, 4]);
});

test('memory is bounded, and the newest stay', () => {
  const samples = with_(...Array.from({ length: 2_000 }, (_, at) => at));
  expect([samples.rows()[0].length, samples.rows()[0][0], samples.last?.at]).toEqual([1_800, 200, 1_999]);
});
