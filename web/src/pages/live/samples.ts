// The samples of one subscriber, as many as a chart shows and no more.

import type { AlignedData } from 'uplot';

/** Half an hour at one a second. */
const MOST = 1_800;
/** A chart's line is broken where samples lie further apart than this many of their own lengths. */
const GAP = 3.5;

export interface Sample {
  /** Seconds since 1970. */
  at: number;
  upload: number;
  download: number;
  /** Seconds that it is the mean of. */
  over: number;
}

export class Samples {
  #items: Sample[] = [];

  add(sample: Sample): void {
    const last = this.#items.at(-1);
    // A repeated sample after a reconnect, or one that was overtaken: a chart needs rising times.
    if (last && sample.at <= last.at) return;
    this.#items.push(sample);
    if (this.#items.length > MOST) this.#items.splice(0, this.#items.length - MOST);
  }

  get last(): Sample | undefined {
    return this.#items.at(-1);
  }

  /** Rows for a chart; a span without samples is a gap, not a straight line. */
  rows(): AlignedData {
    const [times, down, up]: [number[], (number | null)[], (number | null)[]] = [[], [], []];
    let before: Sample | undefined;
    for (const sample of this.#items) {
      if (before && sample.at - before.at > GAP * Math.max(1, sample.over)) {
        times.push(before.at + 0.5);
        down.push(null);
        up.push(null);
      }
      times.push(sample.at);
      down.push(sample.download);
      up.push(sample.upload);
      before = sample;
    }
    return [times, down, up];
  }
}
