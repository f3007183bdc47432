import { expect, test } from 'vitest';

import { areas } from './area';

// Every area, loaded so that it is in the list.
const modules = import.meta.glob('./*.ts', { eager: true });
// Everything that may use a text.
const sources = import.meta.glob(['../**/*.svelte', '../**/*.ts', '!../i18n/*.ts', '!../**/*.d.ts'], { query: '?raw', import: 'default', eager: true }) as Record<string, string>;

/** Words that are the same in both languages. */
const SAME = /^(m|port|Menu|Router|Voucher|Admin|Live|RouterOS|Port|TLS|Login|Hotspot|PPP|FastTrack|API|Redis|Server|Status|Total|Target|hotspot|final|uplink|Log server)$/;

test('both languages have the same texts', () => {
  expect(areas.length).toBeGreaterThan(10);
  for (const { en, id } of areas) expect(Object.keys(id).sort()).toEqual(Object.keys(en).sort());
});

test('no text was left in English', () => {
  const left = areas.flatMap(({ en, id }) => Object.keys(en).filter((key) => typeof en[key] === 'string' && en[key] === id[key] && !SAME.test(en[key])));
  expect(left).toEqual([]);
});

test('no text is empty', () => {
  const texts = areas.flatMap(({ en, id }) => [...Object.values(en), ...Object.values(id)]);
  expect(texts.filter((text) => typeof text === 'string' && !text.trim())).toEqual([]);
});

test('every text is used', () => {
  const all = Object.values(sources).join('\n');
  const exported = Object.entries(modules).flatMap(([, module]) => Object.entries(module as Record<string, unknown>));
  const unused = exported.flatMap(([name, catalogue]) => {
    // These are looked up by what the API says.
    if (['words', 'acts', 'details', 'findingNames', 'areas'].includes(name) || typeof catalogue !== 'object') return [];
    return Object.keys(catalogue as object).filter((key) => !new RegExp(`\\b${name}\\.${key}\\b`).test(all)).map((key) => `${name}.${key}`);
  });
  expect(unused).toEqual([]);
});
