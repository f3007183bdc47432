import { expect, test } from 'vitest';

import { inWords } from './detail';

test('units become words, and what was not given is left out', () => {
  const detail = { count: 5, plan: null, validity_us: 86_400_000_000, rate_up_bps: 2_000_000, quota_octets: null, note: '' };
  expect(inWords(detail)).toBe('count: 5, validity: 1d, rate up: 2.00 Mbps');
});

test('what is not known by its name is told as it is', () => {
  expect(inWords({ tls: 'off', hosts: ['a', 'b'], sticky: false })).toBe('tls: off, hosts: ["a","b"], sticky: false');
});
