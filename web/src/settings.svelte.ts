// What a person chose for this device: language, appearance, zone, units. Kept in the browser, sent to nobody.

export type Language = 'en' | 'id';
export type Theme = 'system' | 'light' | 'dark';
export type Volumes = 'decimal' | 'binary';
export type Rates = 'bits' | 'bytes';

interface Settings {
  language: Language;
  theme: Theme;
  /** IANA name, or '' for the device's own. */
  zone: string;
  /** Units of 1000 or of 1024 octets. */
  volumes: Volumes;
  /** In what rates are told; limits are in bits in any case, as routers have them. */
  rates: Rates;
}

const KEY = 'tikmeter-settings';

function stored(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>;
  } catch {
    return {};
  }
}

function known<T extends string>(value: unknown, all: readonly T[], usual: T): T {
  return all.find((one) => one === value) ?? usual;
}

/** Whether this browser knows the zone; a name of elsewhere must not break every instant on the page. */
export function zoneExists(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

function initial(): Settings {
  const before = stored();
  const own = globalThis.navigator?.language.toLowerCase().startsWith('id') ? 'id' : 'en';
  const zone = typeof before.zone === 'string' && before.zone && zoneExists(before.zone) ? before.zone : '';
  return {
    language: known(before.language, ['en', 'id'], own),
    theme: known(before.theme, ['system', 'light', 'dark'], 'system'),
    zone,
    volumes: known(before.volumes, ['decimal', 'binary'], 'decimal'),
    rates: known(before.rates, ['bits', 'bytes'], 'bits'),
  };
}

export const settings = $state<Settings>(initial());

/** The zone in which instants are shown. */
export function zoneName(): string {
  return settings.zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Keeps the choice and shows it in the document. Call it once, while a component begins. */
export function applySettings(): void {
  $effect(() => {
    document.documentElement.lang = settings.language;
    document.documentElement.dataset.theme = settings.theme;
    localStorage.setItem(KEY, JSON.stringify(settings));
  });
}
