import type { Schemas } from '../../api/client';

/** The cycle whose number the address names; the newest where it names none; undefined where there is no such cycle. */
export function wantedCycle<C extends Pick<Schemas['Cycle'], 'seq_no'>>(newestFirst: C[], wanted: string): C | undefined {
  return wanted ? newestFirst.find((cycle) => String(cycle.seq_no) === wanted) : newestFirst[0];
}

type Credits = Pick<Schemas['Cycle'], 'credited_upload_octets' | 'credited_download_octets'>;

/** Octets credited in it, both directions together; they stand beside what was counted. */
export function credited(cycle: Credits): number {
  return cycle.credited_upload_octets + cycle.credited_download_octets;
}
