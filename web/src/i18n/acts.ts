import { area } from './area';

/** What operators and the server do, by the names in the audit trail, and commands to routers by theirs. */
export const acts = area(
  {
    'backup.create': 'backup made', 'backup.restore': 'backup restored', 'key.rotate': 'key replaced',
    'credit.add': 'traffic credited', 'credit.cancel': 'credit cancelled', 'held.reject': 'held jump never counted', 'held.release': 'held jump counted',
    'hold.end': 'keeping out ended', 'hold.give_up': 'keeping out given up', 'hold.place': 'kept out on the router', 'hold.release': 'let in again', 'hold.set': 'kept out',
    'limit.end': 'limit ended', 'limit.kept': 'limit kept up', 'limit.leave': 'limits taken off', 'limit.pass': 'limits set right', 'limit.refused': 'limit refused', 'limit.remove': 'limit removed', 'limit.set': 'limit set',
    'operator.create': 'operator added', 'operator.edit': 'operator changed', 'operator.remove': 'operator removed',
    'operator.sign_in': 'signed in', 'operator.sign_out': 'signed out', 'operator.sign_out_others': 'other browsers signed out',
    'plan.add': 'plan added', 'plan.edit': 'plan changed', 'plan.profile': 'plan taken from the file', 'retention.fold': 'old detail folded',
    'router.add': 'router added', 'router.certificate': 'certificate taken', 'router.edit': 'router changed', 'router.file': 'routers taken from the file', 'router.remove': 'router removed',
    'session.disconnect': 'disconnect begun', 'session.disconnected': 'disconnected',
    'subscriber.add': 'subscriber added', 'subscriber.adopt': 'login adopted', 'subscriber.bind': 'login added', 'subscriber.edit': 'subscriber changed', 'subscriber.import': 'subscribers imported',
    'subscriber.renew': 'renewed', 'subscriber.unbind': 'login taken away', 'subscriber.undo_adoption': 'adoption undone', 'subscriber.undo_renewal': 'renewal undone',
    'token.create': 'token made', 'token.revoke': 'token revoked',
    'voucher.activate': 'voucher first used', 'voucher.clock': 'voucher’s clock', 'voucher.end': 'voucher ended', 'voucher.import': 'vouchers imported', 'voucher.leave': 'device left',
    'voucher.make': 'vouchers made', 'voucher.move': 'device moved', 'voucher.off': 'taken off the router', 'voucher.out': 'device taken out', 'voucher.pass': 'vouchers kept on the router', 'voucher.pause': 'voucher paused', 'voucher.pause_batch': 'batch paused',
    'voucher.resume': 'voucher goes on', 'voucher.resume_batch': 'batch goes on', 'voucher.revoke': 'voucher revoked', 'voucher.revoke_batch': 'batch revoked', 'voucher.used_up': 'voucher used up',
    read_now: 'read now', check_up: 'test of the connection', look_at_counters: 'look at counters', disconnect: 'disconnect', plan_disconnect: 'disconnect, commands only',
    keep_limits: 'keep limits', plan_limits: 'limits, commands only', admit_device: 'let a device in', keep_vouchers: 'keep vouchers', look_at_voucher_users: 'look at voucher users',
    plan_change: 'change, commands only', look_at_traffic: 'look at traffic', hotspot_hosts: 'hosts of the hotspot', list_queues: 'list of queues', reload: 'routers read anew',
  },
  {
    'backup.create': 'cadangan dibuat', 'backup.restore': 'cadangan dipulihkan', 'key.rotate': 'kunci diganti',
    'credit.add': 'lalu lintas dikreditkan', 'credit.cancel': 'kredit dibatalkan', 'held.reject': 'lonjakan tidak dihitung', 'held.release': 'lonjakan dihitung',
    'hold.end': 'penahanan berakhir', 'hold.give_up': 'penahanan dihentikan', 'hold.place': 'ditahan di router', 'hold.release': 'diizinkan lagi', 'hold.set': 'ditahan di luar',
    'limit.end': 'batas berakhir', 'limit.kept': 'batas dijaga', 'limit.leave': 'batas dilepas', 'limit.pass': 'batas dibetulkan', 'limit.refused': 'batas ditolak', 'limit.remove': 'batas dihapus', 'limit.set': 'batas diatur',
    'operator.create': 'operator ditambah', 'operator.edit': 'operator diubah', 'operator.remove': 'operator dihapus',
    'operator.sign_in': 'masuk', 'operator.sign_out': 'keluar', 'operator.sign_out_others': 'peramban lain dikeluarkan',
    'plan.add': 'paket ditambah', 'plan.edit': 'paket diubah', 'plan.profile': 'paket diambil dari berkas', 'retention.fold': 'rincian lama diringkas',
    'router.add': 'router ditambah', 'router.certificate': 'sertifikat diterima', 'router.edit': 'router diubah', 'router.file': 'router diambil dari berkas', 'router.remove': 'router dihapus',
    'session.disconnect': 'pemutusan dimulai', 'session.disconnected': 'diputuskan',
    'subscriber.add': 'pelanggan ditambah', 'subscriber.adopt': 'login diadopsi', 'subscriber.bind': 'login ditambah', 'subscriber.edit': 'pelanggan diubah', 'subscriber.import': 'pelanggan diimpor',
    'subscriber.renew': 'diperpanjang', 'subscriber.unbind': 'login dilepas', 'subscriber.undo_adoption': 'adopsi dibatalkan', 'subscriber.undo_renewal': 'perpanjangan dibatalkan',
    'token.create': 'token dibuat', 'token.revoke': 'token dicabut',
    'voucher.activate': 'voucher pertama dipakai', 'voucher.clock': 'waktu voucher', 'voucher.end': 'voucher berakhir', 'voucher.import': 'voucher diimpor', 'voucher.leave': 'perangkat pergi',
    'voucher.make': 'voucher dibuat', 'voucher.move': 'perangkat pindah', 'voucher.off': 'dilepas dari router', 'voucher.out': 'perangkat dikeluarkan', 'voucher.pass': 'voucher dijaga di router', 'voucher.pause': 'voucher dijeda', 'voucher.pause_batch': 'kelompok dijeda',
    'voucher.resume': 'voucher dilanjutkan', 'voucher.resume_batch': 'kelompok dilanjutkan', 'voucher.revoke': 'voucher dicabut', 'voucher.revoke_batch': 'kelompok dicabut', 'voucher.used_up': 'voucher habis',
    read_now: 'baca sekarang', check_up: 'uji sambungan', look_at_counters: 'lihat pencacah', disconnect: 'putuskan', plan_disconnect: 'putuskan, perintah saja',
    keep_limits: 'jaga batas', plan_limits: 'batas, perintah saja', admit_device: 'izinkan perangkat', keep_vouchers: 'jaga voucher', look_at_voucher_users: 'lihat pengguna voucher',
    plan_change: 'perubahan, perintah saja', look_at_traffic: 'lihat lalu lintas', hotspot_hosts: 'host hotspot', list_queues: 'daftar antrean', reload: 'router dibaca ulang',
  },
);

/** What was done, in words; the name itself where a newer server has a new one. */
export function actName(name: string): string {
  return (acts as Record<string, string>)[name] ?? name;
}

/** The acts of the audit trail by their names, without commands to routers. */
export function actsByName(): string[] {
  return Object.keys(acts).filter((name) => name.includes('.'));
}
