import { area } from './area';

export const charts = area(
  {
    time: 'Time',
    both: 'Upload and download',
    zoomHint: 'Drag over a span to look closer.',
    wholeSpan: 'Whole span',
    notWhole: (steps: number) => `In ${steps} of these ${steps === 1 ? 'steps a router was' : 'steps routers were'} not read all the time; where none was read there is a gap. What a router counted meanwhile is in the step of its next reading.`,
  },
  {
    time: 'Waktu',
    both: 'Unggah dan unduh',
    zoomHint: 'Seret pada rentang waktu untuk memperbesar.',
    wholeSpan: 'Seluruh rentang',
    notWhole: (steps) => `Pada ${steps} langkah di antaranya router tidak terbaca sepanjang waktu; bila tidak ada yang terbaca, ada celah. Yang dihitung router selama itu masuk ke langkah pembacaan berikutnya.`,
  },
);
