import { area } from './area';

export const charts = area(
  {
    time: 'Time',
    both: 'Upload and download',
    zoomHint: 'Drag over a span to look closer.',
    wholeSpan: 'Whole span',
  },
  {
    time: 'Waktu',
    both: 'Unggah dan unduh',
    zoomHint: 'Seret pada rentang waktu untuk memperbesar.',
    wholeSpan: 'Seluruh rentang',
  },
);
