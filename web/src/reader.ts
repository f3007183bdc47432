import type { Reader } from './format/times';
import { settings } from './settings.svelte';

/** Who looks: the language and zone that they chose. */
export function reader(): Reader {
  return { locale: settings.language, zone: settings.zone || undefined };
}
