import { afterEach, expect, test } from 'vitest';

import { settings } from '../../settings.svelte';
import { inWords } from './detail';

afterEach(() => { settings.language = 'en'; });

test('units become words, and what was not given is left out', () => {
  const detail = { count: 5, plan: null, validity_us: 86_400_000_000, rate_up_bps: 2_000_000, rate_down_bps: 64_000, quota_octets: null, note: '' };
  expect(inWords(detail).replaceAll('\u00a0', ' ')).toBe('count: 5, lasts: 1d, speed: ↓ 64 kbps ↑ 2 Mbps');
});

test('until when is an instant and no span', () => {
  expect(inWords({ until_us: Date.parse('2020-05-04T12:00:00Z') * 1_000 })).toMatch(/^until: May \d, 2020/);
  expect(inWords({ expiry_at_before: '2020-05-04T12:00:00Z' })).toMatch(/^expiry before: May \d, 2020/);
});

test('what is not known by its name is told as it is', () => {
  expect(inWords({ tls: 'off', new_hosts: ['a', 'b'], sticky: false, odd: { a: 1 } })).toBe('TLS: off, new hosts: a; b, sticky: no, odd: {"a":1}');
});

test('names and words of the API are in the language that is chosen', () => {
  settings.language = 'id';
  expect(inWords({ role: 'viewer', scope: 'router lake', cycle: 'every 30 days', upload_octets: 1_500_000, disabled: true })).toBe('peran: Pengamat, tempat: di lake, siklus: setiap 30 hari, unggah: 1,5 MB, diblokir: ya');
});
