import { area } from './area';

/**
 * Short units of time. None of the Indonesian ones is a letter that stands for another unit where spans are typed: `30d` are
 * thirty days there, so that seconds are no `d` (detik) and days no `h` (hari).
 */
export const spans = area(
  { days: 'd', hours: 'h', minutes: 'm', seconds: 's' },
  { days: 'hr', hours: 'j', minutes: 'm', seconds: 'dtk' },
);
