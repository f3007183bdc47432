// How figures are written in the language that is chosen: the one place that knows its decimal mark.

import { settings } from '../settings.svelte';

/** A number with so many decimals at the most, or exactly so many where `fixed`; thousands are never set apart. */
export function figure(value: number, decimals: number, fixed = true): string {
  const text = value.toFixed(decimals);
  const short = fixed || !text.includes('.') ? text : text.replace(/\.?0+$/, '');
  return settings.language === 'id' ? short.replace('.', ',') : short;
}
