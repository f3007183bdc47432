// What is agreed on, told in one way everywhere: download before upload, as figures of traffic are.

import { agreed } from '../i18n/agreed';
import { word } from '../i18n/words';
import { speed } from './amounts';

/** Speeds that were set, bits per second: `↓ 2 Mbps ↑ 512 kbps`. One that is not limited is `∞`; undefined when neither is. */
export function speeds(terms: { down: number | null | undefined; up: number | null | undefined }): string | undefined {
  if (!terms.down && !terms.up) return undefined;
  // A line may end between the two, and not within one.
  const half = (arrow: string, bps: number | null | undefined) => `${arrow} ${bps ? speed(bps) : '∞'}`.replaceAll(' ', '\u00a0');
  return `${half('↓', terms.down)} ${half('↑', terms.up)}`;
}

/** When the next cycle opens: `renewal`, `every 30 days` or `day 1` of the API. */
export function cycleName(cycle: string): string {
  const days = /^every (\d+) days?$/.exec(cycle);
  if (days) return agreed.everyDays(Number(days[1]));
  const day = /^day (\d+)$/.exec(cycle);
  return day ? agreed.dayOfMonth(Number(day[1])) : word(cycle);
}

/** Where a login is somebody's: `all`, or `router` or `group` and a name, with a colon or, in the audit trail, a space between. */
export function scopeName(scope: string): string {
  const [, kind, name] = /^(router|group)[: ](.+)$/s.exec(scope) ?? [];
  if (name) return kind === 'router' ? agreed.onRouter(name) : agreed.inGroup(name);
  return scope.startsWith('all') ? agreed.everywhere : scope;
}
