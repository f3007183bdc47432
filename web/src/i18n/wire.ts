import { area } from './area';

export const wire = area(
  {
    noAnswer: 'The server does not answer. Figures on this page are the last ones it gave; it is asked again by itself.',
    noReason: (status: number) => `The server answered ${status} without saying why. A proxy in between may be at fault; try again.`,
    fault: (words: string) => `This page hit a fault of its own: ${words}. Nothing was changed on the server by it. Load the page again.`,
    lost: 'No connection to the server',
    lostSince: (time: string) => `since ${time}. Figures are from then; they go on by themselves.`,
    simulated: 'Simulated routers: no figure here is a real subscriber’s.',
    retry: 'Try again',
    failed: 'This could not be shown',
    staleFigures: 'Not fresh:',
    loading: 'Loading…',
    ago: (span: string) => `${span} ago`,
    justNow: 'just now',
    never: 'never',
  },
  {
    noAnswer: 'Server tidak menjawab. Angka di halaman ini adalah yang terakhir diberikan; server ditanya lagi dengan sendirinya.',
    noReason: (status) => `Server menjawab ${status} tanpa alasan. Mungkin karena proksi di antaranya; coba lagi.`,
    fault: (words) => `Halaman ini mengalami kesalahan: ${words}. Tidak ada yang berubah di server karenanya. Muat ulang halaman.`,
    lost: 'Tidak terhubung ke server',
    lostSince: (time) => `sejak ${time}. Angka berasal dari saat itu; akan berlanjut dengan sendirinya.`,
    simulated: 'Router simulasi: tidak ada angka di sini milik pelanggan nyata.',
    retry: 'Coba lagi',
    failed: 'Ini tidak dapat ditampilkan',
    staleFigures: 'Tidak terbaru:',
    loading: 'Memuat…',
    ago: (span) => `${span} lalu`,
    justNow: 'baru saja',
    never: 'belum pernah',
  },
);
