import type { Schemas } from '../../api/client';

/** Speeds of a limit, bits per second; null: as fast as they can. */
export interface Speeds {
  up_bps: number | null;
  down_bps: number | null;
}

/** One login of somebody: a session, a user of a hotspot. */
type Login = Pick<Schemas['HotspotUser'], 'router' | 'username' | 'calling_station_id'>;
type Wanted = Pick<Schemas['Limit'], 'router' | 'subject' | 'kind'> & Speeds;

/** Whether a limit is one of that login: of its device, or of its name where PPP knows it by that. */
export function isOf(limit: Omit<Wanted, keyof Speeds>, login: Login): boolean {
  if (limit.router !== login.router) return false;
  return limit.kind === 'device' ? limit.subject === login.calling_station_id : limit.kind === 'ppp' && limit.subject === login.username;
}

/** The speeds that are wanted for these logins; undefined without any, and where they differ. */
export function speedsOf(limits: Wanted[], logins: Login[]): Speeds | undefined {
  const [first, ...others] = limits.filter((limit) => logins.some((login) => isOf(limit, login)));
  if (!first || others.some((other) => other.up_bps !== first.up_bps || other.down_bps !== first.down_bps)) return undefined;
  return { up_bps: first.up_bps, down_bps: first.down_bps };
}
