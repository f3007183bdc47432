import { volume } from '../../format/amounts';
import { roleName } from '../../format/roles';
import { cycleName, scopeName, speeds } from '../../format/terms';
import { instant, span } from '../../format/times';
import { detailName } from '../../i18n/details';
import { plansText } from '../../i18n/plans';
import { word } from '../../i18n/words';
import { reader } from '../../reader';
import type { Role } from '../../session.svelte';

const at = (value: string | number) => instant(new Date(value), new Date(), reader());

/** Values whose name ends in a unit, as people read them; the first that fits. */
const UNITS: [string, (value: number) => string][] = [
  ['_octets', volume],
  ['until_us', (value) => at(value / 1_000)],
  ['_us', (value) => span(value / 1_000_000)],
  ['_ms', (value) => span(value / 1_000)],
];
const UNIT = /_(octets|us|ms)$/;
/** Values that are words of the API. */
const WORDS: Record<string, (value: string) => string> = { role: (value) => roleName(value as Role)?.split(':')[0] ?? value, scope: scopeName, cycle: cycleName, kind: word, outcome: word, status: word };
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** What an act was done with, in words: what it was done without is left out, and the two speeds are one thing. */
export function inWords(detail: object): string {
  const { rate_up_bps, rate_down_bps, up_bps, down_bps, ...others } = detail as Record<string, unknown>;
  const both = speeds({ down: bits(rate_down_bps ?? down_bps), up: bits(rate_up_bps ?? up_bps) });
  const given = Object.entries({ ...others, speed: others.speed ?? both }).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return given.map(([name, value]) => told(name, value)).join(', ');
}

const bits = (value: unknown) => (typeof value === 'number' ? value : undefined);

function told(name: string, value: unknown): string {
  if (typeof value !== 'number') return `${detailName(name)}: ${inOneWord(name, value)}`;
  const shown = UNITS.find(([end]) => name.endsWith(end))?.[1];
  return `${detailName(name.replace(UNIT, ''))}: ${shown ? shown(value) : value}`;
}

function inOneWord(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? plansText.yes : plansText.no;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join('; ');
  if (typeof value !== 'string') return JSON.stringify(value);
  return WORDS[name]?.(value) ?? (INSTANT.test(value) ? at(value) : value);
}
