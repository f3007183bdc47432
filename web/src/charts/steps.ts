// A history's steps as a chart draws them.

import type { AlignedData } from 'uplot';

import type { Schemas } from '../api/client';

type Step = Pick<Schemas['HistoryItem'], 'from' | 'download_octets' | 'upload_octets' | 'covered_percent'>;

/** Begin, both ways together, download. Upload stands on download: what is drawn later covers the lower part of the sum. */
export function drawn(steps: Step[]): AlignedData {
  return [
    steps.map((step) => new Date(step.from).getTime() / 1000),
    steps.map((step) => (unknown(step) ? null : step.download_octets + step.upload_octets)),
    steps.map((step) => (unknown(step) ? null : step.download_octets)),
  ];
}

/** Steps in which routers were not read all the time. */
export function partial(steps: Step[]): number {
  return steps.filter((step) => step.covered_percent != null && step.covered_percent < 100).length;
}

/** Nobody looked, so nobody knows: a gap and no 0. */
function unknown(step: Step): boolean {
  return step.covered_percent === 0 && !step.download_octets && !step.upload_octets;
}
