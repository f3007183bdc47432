import { area } from './area';

export const charts = area(
  {
    time: 'Time',
    both: 'Upload and download',
    zoomHint: 'Point at a place or tap on it for its figures; drag over a span to look closer.',
    closer: 'Look closer',
    further: 'Look from further off',
    wholeSpan: 'Whole span',
    earlier: 'Earlier',
    later: 'Later',
    detailFrom: (day: string) => `Quarters of hours are kept from ${day} on; before it each day’s sum stands in its last step.`,
    notWhole: (steps: number) => `In ${steps} of these ${steps === 1 ? 'steps a router was' : 'steps routers were'} not read all the time; where none was read there is a gap. What a router counted meanwhile is in the step of its next reading.`,
  },
  {
    time: 'Waktu',
    both: 'Unggah dan unduh',
    zoomHint: 'Tunjuk atau ketuk untuk melihat angkanya; seret pada rentang waktu untuk memperbesar.',
    closer: 'Perbesar',
    further: 'Perkecil',
    wholeSpan: 'Seluruh rentang',
    earlier: 'Lebih awal',
    later: 'Lebih baru',
    detailFrom: (day) => `Rincian 15 menit disimpan sejak ${day}; sebelumnya jumlah tiap hari berdiri di langkah terakhirnya.`,
    notWhole: (steps) => `Pada ${steps} langkah di antaranya router tidak terbaca sepanjang waktu; bila tidak ada yang terbaca, ada celah. Yang dihitung router selama itu masuk ke langkah pembacaan berikutnya.`,
  },
);
