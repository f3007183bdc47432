import { rate, volume } from '../../format/amounts';
import { span } from '../../format/times';

/** Values whose name ends in a unit, as people read them. */
const UNITS: [string, (value: number) => string][] = [
  ['_octets', volume],
  ['_bps', rate],
  ['_us', (value) => span(value / 1_000_000)],
  ['_ms', (value) => span(value / 1_000)],
];

/** What an act was done with, in words: what it was done without is left out. */
export function inWords(detail: object): string {
  const given = Object.entries(detail).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return given.map(([name, value]) => told(name, value)).join(', ');
}

function told(name: string, value: unknown): string {
  const [unit, shown] = UNITS.find(([end]) => typeof value === 'number' && name.endsWith(end)) ?? [];
  const words = (unit ? name.slice(0, -unit.length) : name).replaceAll('_', ' ');
  if (shown) return `${words}: ${shown(value as number)}`;
  return `${words}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}
