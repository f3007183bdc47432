import type { Schemas } from '../../api/client';

type User = Pick<Schemas['HotspotUser'], 'upload_bps' | 'download_bps' | 'upload_octets' | 'download_octets'>;

/** What users move together: octets of all of them, and bits per second of the `rated` ones whose rates are known; null when of nobody. */
export interface Total {
  up_bps: number | null;
  down_bps: number | null;
  up_octets: number;
  down_octets: number;
  rated: number;
}

export function totalOf(users: User[]): Total {
  const rated = users.filter((one) => one.upload_bps != null && one.download_bps != null);
  const sum = (of: User[], what: keyof User) => of.reduce((all, one) => all + (one[what] ?? 0), 0);
  return {
    up_bps: rated.length ? sum(rated, 'upload_bps') : null,
    down_bps: rated.length ? sum(rated, 'download_bps') : null,
    up_octets: sum(users, 'upload_octets'),
    down_octets: sum(users, 'download_octets'),
    rated: rated.length,
  };
}
