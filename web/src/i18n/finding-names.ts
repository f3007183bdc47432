import { area } from './area';

/** What findings are called, by their codes (docs/reference/findings.md). */
export const findingNames = area(
  {
    direction_swapped: 'Directions swapped',
    not_running: 'No server runs',
    duplicate_device: 'Listed twice',
    stale_router: 'Not read',
    not_countable: 'Cannot be counted',
    missing_rights: 'A right is missing',
    foreign_queue: 'Another queue is first',
    portal_hand_over: 'The portal is shut off',
    database_lag: 'The database lags',
    small_disk: 'Little room',
    fasttrack: 'FastTrack',
    bypassed_device: 'Let through, nobody’s',
    cookie_lets_in: 'A cookie lets in',
    unmatched_login: 'Login of nobody',
    api_sessions: 'API nearly full',
    version_quirk: 'RouterOS version',
    wrong_clock: 'Clock is wrong',
    other_zone: 'Another time zone',
  },
  {
    direction_swapped: 'Arah tertukar',
    not_running: 'Server tidak berjalan',
    duplicate_device: 'Terdaftar dua kali',
    stale_router: 'Tidak dibaca',
    not_countable: 'Tidak dapat dihitung',
    missing_rights: 'Hak kurang',
    foreign_queue: 'Antrean lain lebih dulu',
    portal_hand_over: 'Portal tertutup',
    database_lag: 'Basis data tertinggal',
    small_disk: 'Ruang sedikit',
    fasttrack: 'FastTrack',
    bypassed_device: 'Lewat tanpa pemilik',
    cookie_lets_in: 'Cookie memberi jalan',
    unmatched_login: 'Login tanpa pemilik',
    api_sessions: 'API hampir penuh',
    version_quirk: 'Versi RouterOS',
    wrong_clock: 'Jam salah',
    other_zone: 'Zona waktu lain',
  },
);

/** One that this page does not know yet has its code. */
export function findingName(code: string): string {
  return (findingNames as Record<string, string>)[code] ?? code;
}
