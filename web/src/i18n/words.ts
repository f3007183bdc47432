import { area } from './area';

/** Single words of the API, as people say them. */
export const words = area(
  {
    online: 'online', waiting: 'waiting', connecting: 'connecting', unreachable: 'unreachable', insecure: 'certificate refused',
    password_lost: 'password lost', login_refused: 'login refused', no_rights: 'rights missing', protocol_error: 'not understood',
    store_stalled: 'database stalled', paused_duplicate: 'listed twice', disabled: 'disabled',
    active: 'active', suspended: 'suspended', inactive: 'inactive',
    open: 'online', missing: 'not seen', ended: 'ended',
    ok: 'ok', absent: 'none', attention: 'attention', failed: 'failed', not_observed: 'not looked at',
    set: 'in effect', away: 'away', free: 'free', without_effect: 'without effect', refused: 'refused',
    unused: 'unused', running: 'running', paused: 'paused', over: 'over', revoked: 'revoked',
    begun: 'begun', done: 'done', not_done: 'not done', unknown: 'unknown',
    sought: 'looking', watched: 'live', no_session: 'offline', trouble: 'trouble',
    creation: 'creation', renewal: 'renewal', plan: 'plan',
    reachable: 'Reachable', port: 'Port', tls: 'TLS', login: 'Login', rights: 'Rights', device: 'Device', version: 'RouterOS',
    hotspot: 'Hotspot', ppp: 'PPP', fasttrack: 'FastTrack', clock: 'Clock',
    wanted: 'wanted', in: 'in', out: 'out',
    static_ip: 'fixed address', starting: 'starting', all: 'everything', collector: 'reads routers', api: 'pages and API',
    live_samples: 'live samples', commands_given: 'commands given', commands_taken: 'commands taken', answers_given: 'answers given', answers: 'answers',
    watching_told: 'looking on, told', watching_heard: 'looking on, heard',
    debug: 'debug', info: 'info', warn: 'warning', error: 'error',
    session_began: 'came online', session_ended: 'went offline', router_state: 'router’s state', command: 'command', log: 'server log',
    username: 'by username', newest: 'newest first', expiry: 'soonest end first',
  },
  {
    online: 'daring', waiting: 'menunggu', connecting: 'menyambung', unreachable: 'tak terjangkau', insecure: 'sertifikat ditolak',
    password_lost: 'sandi hilang', login_refused: 'login ditolak', no_rights: 'hak kurang', protocol_error: 'tak dipahami',
    store_stalled: 'basis data macet', paused_duplicate: 'terdaftar dua kali', disabled: 'nonaktif',
    active: 'aktif', suspended: 'ditangguhkan', inactive: 'tidak aktif',
    open: 'daring', missing: 'tak terlihat', ended: 'berakhir',
    ok: 'baik', absent: 'tidak ada', attention: 'perhatian', failed: 'gagal', not_observed: 'tak diperiksa',
    set: 'berlaku', away: 'pergi', free: 'bebas', without_effect: 'tanpa efek', refused: 'ditolak',
    unused: 'belum dipakai', running: 'berjalan', paused: 'dijeda', over: 'habis', revoked: 'dicabut',
    begun: 'dimulai', done: 'selesai', not_done: 'tidak jadi', unknown: 'tak diketahui',
    sought: 'mencari', watched: 'langsung', no_session: 'luring', trouble: 'bermasalah',
    creation: 'pembuatan', renewal: 'perpanjangan', plan: 'paket',
    reachable: 'Terjangkau', port: 'Port', tls: 'TLS', login: 'Login', rights: 'Hak', device: 'Perangkat', version: 'RouterOS',
    hotspot: 'Hotspot', ppp: 'PPP', fasttrack: 'FastTrack', clock: 'Jam',
    wanted: 'diminta', in: 'masuk', out: 'keluar',
    static_ip: 'alamat tetap', starting: 'memulai', all: 'semua tugas', collector: 'membaca router', api: 'halaman dan API',
    live_samples: 'sampel langsung', commands_given: 'perintah diberikan', commands_taken: 'perintah diterima', answers_given: 'jawaban diberikan', answers: 'jawaban',
    watching_told: 'pengamatan, dikirim', watching_heard: 'pengamatan, diterima',
    debug: 'rincian', info: 'informasi', warn: 'peringatan', error: 'kesalahan',
    session_began: 'masuk daring', session_ended: 'luring', router_state: 'keadaan router', command: 'perintah', log: 'log server',
    username: 'menurut nama pengguna', newest: 'terbaru dulu', expiry: 'yang habis lebih dulu',
  },
);

/** The word for what the API calls `name`; the name itself where a newer server has a new one. */
export function word(name: string): string {
  return (words as Record<string, string>)[name] ?? name;
}
