// Sessions of all routers, with the fresher figures that hotspots give while somebody looks.

import type { Schemas } from '../../api/client';

export interface Online {
  key: string;
  router: string;
  session: number;
  user: string;
  subscriber: string | null;
  service: string;
  address: string;
  mac: string;
  startedAt: number | undefined;
  download: number;
  upload: number;
  /** When the router showed these figures. */
  asOf: string | undefined;
}

export type Column = 'user' | 'address' | 'mac' | 'uptime' | 'download' | 'upload' | 'router';

const TIE = new Intl.Collator(undefined, { numeric: true });

/** One row for each session; what the hotspot showed later stands in for the reading. */
export function merged(sessions: Schemas['Session'][], routers: Schemas['Router'][], hotspot: Schemas['HotspotUsers'] | undefined): Online[] {
  const read = new Map(routers.map((router) => [router.name, router.last_read_at ?? undefined]));
  const looked = new Map(hotspot?.routers.map((router) => [router.router, router.as_of ?? undefined]));
  const fresher = new Map(hotspot?.items.map((user) => [`${user.router}\n${user.username}\n${user.calling_station_id}`, user]));
  return sessions.map((session) => {
    const fresh = session.service === 'hotspot' ? fresher.get(`${session.router}\n${session.username}\n${session.calling_station_id}`) : undefined;
    const asOf = fresh ? looked.get(session.router) : read.get(session.router);
    const later = fresh && (fresh.download_octets >= session.download_octets || fresh.upload_octets >= session.upload_octets) ? fresh : session;
    return {
      key: `${session.router}\n${session.no}`,
      router: session.router,
      session: session.no,
      user: session.username,
      subscriber: session.subscriber ?? null,
      service: session.service,
      address: session.framed_address ?? '',
      mac: session.calling_station_id,
      startedAt: session.started_at ? new Date(session.started_at).getTime() : undefined,
      download: later.download_octets,
      upload: later.upload_octets,
      asOf,
    };
  });
}

/** What a session is carried by. */
export const SERVICES = ['hotspot', 'pppoe', 'l2tp', 'pptp', 'sstp', 'ovpn', 'ppp', 'static_ip'];

const ORDERS = {
  user: 'username', address: 'framed_address', mac: 'calling_station_id', uptime: 'started_at', download: 'download_octets', upload: 'upload_octets', router: 'router',
} as const;

/** How the server is asked for the order of a column. Longest online means begun earliest. */
export function inOrder(column: Column, downward: boolean): { order: (typeof ORDERS)[Column]; descending: boolean } {
  return { order: ORDERS[column], descending: column === 'uptime' ? !downward : downward };
}

/** In the order of a column; rows that are equal there by user, so that nothing jumps when figures come. */
export function sorted(rows: Online[], column: Column, downward: boolean): Online[] {
  const sign = downward ? -1 : 1;
  const compare = by(column);
  return [...rows].sort((a, b) => sign * compare(a, b) || TIE.compare(a.user, b.user) || TIE.compare(a.key, b.key));
}

function by(column: Column): (a: Online, b: Online) => number {
  if (column === 'download' || column === 'upload') return (a, b) => a[column] - b[column];
  // Longest online means begun earliest.
  if (column === 'uptime') return (a, b) => (b.startedAt ?? Infinity) - (a.startedAt ?? Infinity) || 0;
  return (a, b) => TIE.compare(a[column], b[column]);
}
