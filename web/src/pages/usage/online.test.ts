import { expect, test } from 'vitest';

import type { Schemas } from '../../api/client';
import { inOrder, merged, sorted, type Online } from './online';

function session(over: Partial<Schemas['Session']>): Schemas['Session'] {
  return {
    no: 1, router: 'a', username: 'ana', service: 'hotspot', calling_station_id: 'AA', framed_address: '10.0.0.9', state: 'open',
    started_at: '2026-11-30T10:00:00Z', upload_octets: 10, download_octets: 100, ...over,
  };
}
const router = (name: string) => ({ name, last_read_at: '2026-11-30T11:00:00Z' }) as Schemas['Router'];

function looked(download: number, username = 'ana'): Schemas['HotspotUsers'] {
  const user = { router: 'a', username, calling_station_id: 'AA', download_octets: download, upload_octets: 10, uptime_seconds: 1, upload_bps: null, download_bps: null, queue: null };
  return { items: [user], routers: [{ router: 'a', source: 'router', as_of: '2026-11-30T11:00:09Z', trouble: null, left_off: 0 }] };
}

test('what a hotspot showed later stands in for the reading, with its own time', () => {
  const [row] = merged([session({})], [router('a')], looked(150));
  expect([row?.download, row?.asOf]).toEqual([150, '2026-11-30T11:00:09Z']);
});

test('figures of another device or service stay what was read', () => {
  const rows = merged([session({ calling_station_id: 'BB' }), session({ service: 'pppoe', no: 2 })], [router('a')], looked(150));
  expect(rows.map((row) => [row.download, row.asOf])).toEqual([[100, '2026-11-30T11:00:00Z'], [100, '2026-11-30T11:00:00Z']]);
});

const rows = merged(
  [
    session({ no: 1, username: 'u10', download_octets: 5, started_at: '2026-11-30T08:00:00Z' }),
    session({ no: 2, username: 'u9', download_octets: 5, framed_address: '10.0.0.10', started_at: '2026-11-30T09:00:00Z' }),
    session({ no: 3, username: 'u1', download_octets: 7, service: 'pppoe', subscriber: 'Budi', started_at: null }),
  ],
  [router('a')],
  undefined,
);
const users = (list: Online[]) => list.map((row) => row.user);

test('names are sorted as people count', () => {
  expect(users(sorted(rows, 'user', false))).toEqual(['u1', 'u9', 'u10']);
});

test('equal figures keep a fixed order in both directions', () => {
  expect(users(sorted(rows, 'download', true))).toEqual(['u1', 'u9', 'u10']);
  expect(users(sorted(rows, 'download', false))).toEqual(['u9', 'u10', 'u1']);
});

test('the longest online comes first downward, the unknown last', () => {
  expect(users(sorted(rows, 'uptime', true))).toEqual(['u10', 'u9', 'u1']);
});

test('the server is asked for the order that is shown', () => {
  expect(inOrder('download', true)).toEqual({ order: 'download_octets', descending: true });
  expect(inOrder('uptime', true)).toEqual({ order: 'started_at', descending: false });
});
