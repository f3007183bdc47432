import { area } from './area';

/** Where a login is somebody's, and when cycles open: what the API has in fixed phrases. */
export const agreed = area(
  {
    everywhere: 'on all routers',
    onRouter: (name: string) => `on ${name}`,
    inGroup: (name: string) => `in the group ${name}`,
    everyDays: (count: number) => (count === 1 ? 'every day' : `every ${count} days`),
    dayOfMonth: (day: number) => `day ${day} of the month`,
  },
  {
    everywhere: 'di semua router',
    onRouter: (name) => `di ${name}`,
    inGroup: (name) => `di kelompok ${name}`,
    everyDays: (count) => (count === 1 ? 'setiap hari' : `setiap ${count} hari`),
    dayOfMonth: (day) => `tanggal ${day} tiap bulan`,
  },
);
