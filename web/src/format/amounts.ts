// Figures for people, made here at the edge: decimal units and bits per second, unless who looks chose others. An unknown value is a
// dash, never 0.

import { settings } from '../settings.svelte';
import { figure } from './figures';

export const UNKNOWN = '–';

const VOLUMES = { decimal: ['B', 'kB', 'MB', 'GB', 'TB'], binary: ['B', 'KiB', 'MiB', 'GiB', 'TiB'] } as const;
const RATES = ['bps', 'kbps', 'Mbps', 'Gbps', 'Tbps'] as const;
const STEP = { decimal: 1000, binary: 1024 } as const;

/** A volume from octets, one decimal, octets whole: `15.2 MB`, `974 B`; in units of 1024 where they were chosen: `14.5 MiB`. */
export function volume(octets: number | null | undefined): string {
  return octets == null ? UNKNOWN : inBytes(octets, 1);
}

/** A rate that was measured, from bits per second, two decimals, bits whole: `5.23 Mbps`; in bytes where they were chosen: `653.75 kB/s`. */
export function rate(bitsPerSecond: number | null | undefined): string {
  if (bitsPerSecond == null) return UNKNOWN;
  return settings.rates === 'bytes' ? `${inBytes(bitsPerSecond / 8, 2)}/s` : scaled(bitsPerSecond, RATES, 1000, 2);
}

/** A speed that was set, from bits per second, as exact as it is and no longer: `64 kbps`, `1.5 Mbps`. In bits in any case, as routers have it. */
export function speed(bitsPerSecond: number): string {
  const [value, unit] = inUnits(bitsPerSecond, RATES, 1000, 3);
  return `${figure(value, unit ? 3 * unit : 0, false)} ${RATES[unit]}`;
}

function inBytes(value: number, decimals: number): string {
  return scaled(value, VOLUMES[settings.volumes], STEP[settings.volumes], decimals);
}

function scaled(value: number, units: readonly string[], step: number, decimals: number): string {
  const [left, unit] = inUnits(value, units, step, decimals);
  return `${figure(left, unit ? decimals : 0)} ${units[unit]}`;
}

/** The value in the largest of the units in which it is at least 1, and which that is. */
function inUnits(value: number, units: readonly string[], step: number, decimals: number): [number, number] {
  let [left, unit] = [value, 0];
  // What would be rounded up to a whole step is one of the next unit.
  while (unit < units.length - 1 && Number(left.toFixed(unit ? decimals : 0)) >= step) {
    [left, unit] = [left / step, unit + 1];
  }
  return [left, unit];
}

/** A limit as it is typed into a field, from bits per second: the largest exact integer of K or M, `1500K`, `2M`. */
export function limit(bitsPerSecond: number): string {
  if (bitsPerSecond > 0 && bitsPerSecond % 1_000_000 === 0) return `${bitsPerSecond / 1_000_000}M`;
  if (bitsPerSecond > 0 && bitsPerSecond % 1_000 === 0) return `${bitsPerSecond / 1_000}K`;
  return String(bitsPerSecond);
}

/** Bits per second that somebody typed (`512K`, `1.5M`, `1,5M`, `64000`); undefined when it is none. K is 1000. */
export function parseLimit(text: string): number | undefined {
  const found = /^\s*(\d+(?:[.,]\d+)?)\s*([kmg]?)\s*$/i.exec(text);
  if (!found) return undefined;
  const factor = { '': 1, k: 1e3, m: 1e6, g: 1e9 }[(found[2] ?? '').toLowerCase()] ?? 1;
  const bits = Math.round(typed(found[1]) * factor);
  return Number.isSafeInteger(bits) && bits > 0 ? bits : undefined;
}

/** Octets that somebody typed (`10 GB`, `500M`, `1.5TB`, `2000`); undefined when it is none. Units are decimal. */
export function parseVolume(text: string): number | undefined {
  const found = /^\s*(\d+(?:[.,]\d+)?)\s*([kmgt]?)b?\s*$/i.exec(text);
  if (!found) return undefined;
  const factor = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }[(found[2] ?? '').toLowerCase()] ?? 1;
  const octets = Math.round(typed(found[1]) * factor);
  return Number.isSafeInteger(octets) && octets > 0 ? octets : undefined;
}

/** A number with the decimal mark of either language. */
function typed(text: string | undefined): number {
  return Number(text?.replace(',', '.'));
}

/** A share of 100, shown as whole only when it is whole: 99.97 % is no 100 %. */
export function percent(value: number | null | undefined): string {
  if (value == null) return UNKNOWN;
  return `${Number.isInteger(value) ? value : figure(Math.floor(value * 10) / 10, 1)} %`;
}

/** How much of `most` is `part`, 0 to 100; undefined where there is nothing to compare with. */
export function shareOf(part: number, most: number | null | undefined): number | undefined {
  return most ? Math.min(100, (part / most) * 100) : undefined;
}
