import { area } from './area';

/** What stands beside an act in the audit trail, by its names there without their units. */
export const details = area(
  {
    mac: 'MAC address', id: 'identifier', no: 'entry', router: 'router', price: 'price', commands: 'commands', role: 'role', name: 'name', validity: 'lasts', session: 'session', devices: 'devices', outcome: 'outcome',
    login: 'login', before: 'before', stays: 'stays', scope: 'where', reason: 'reason', kind: 'kind', from: 'from', download: 'download', upload: 'upload', quota: 'quota', seller: 'seller', count: 'count', plan: 'plan',
    port: 'port', tls: 'TLS', fingerprint: 'fingerprint', username: 'user', host: 'host', password: 'password changed', disabled: 'locked out', cycle: 'cycle', sets_speed: 'sets the speed', entries: 'entries', routers: 'routers',
    expiry_at: 'expiry', expiry_at_before: 'expiry before', until: 'until', lasts_until: 'until', told: 'told', caller: 'device', service: 'service', by: 'by', vouchers: 'vouchers', holds: 'kept out', limits: 'limits',
    batch: 'batch', data_used_up: 'data used up', quarter_hour: 'quarter hour', credit: 'credit', address: 'address', adopted_from: 'counted from', also_gone: 'also gone', note: 'note', text: 'text', interval: 'interval', status: 'status', speed: 'speed',
  },
  {
    mac: 'alamat MAC', id: 'pengenal', no: 'catatan', router: 'di router', price: 'harga', commands: 'perintah', role: 'peran', name: 'nama', validity: 'berlaku', session: 'sesi', devices: 'perangkat', outcome: 'hasil',
    login: 'nama login', before: 'sebelumnya', stays: 'tetap ada', scope: 'tempat', reason: 'alasan', kind: 'jenis', from: 'sejak', download: 'unduh', upload: 'unggah', quota: 'kuota', seller: 'penjual', count: 'jumlah', plan: 'paket',
    port: 'port', tls: 'pengamanan', fingerprint: 'sidik jari', username: 'pengguna', host: 'alamat', password: 'sandi diganti', disabled: 'diblokir', cycle: 'siklus', sets_speed: 'mengatur kecepatan', entries: 'catatan', routers: 'semua router',
    expiry_at: 'masa berlaku', expiry_at_before: 'masa berlaku lama', until: 'sampai', lasts_until: 'sampai', told: 'dikatakan', caller: 'perangkat', service: 'layanan', by: 'sebanyak', vouchers: 'banyak voucher', holds: 'ditahan', limits: 'batas',
    batch: 'kelompok', data_used_up: 'data habis', quarter_hour: 'seperempat jam', credit: 'kredit', address: 'alamat IP', adopted_from: 'dihitung sejak', also_gone: 'ikut hilang', note: 'keterangan', text: 'teks', interval: 'selang', status: 'keadaan', speed: 'kecepatan',
  },
);

/** The name of such a part; as it is where a newer server has a new one. */
export function detailName(name: string): string {
  return (details as Record<string, string>)[name] ?? name.replaceAll('_', ' ');
}
