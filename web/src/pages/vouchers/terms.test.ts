import { expect, test } from 'vitest';

import { termsInWords } from './terms';

test('terms are told shortly, and what is not limited is left out', () => {
  const all = { validity_seconds: 86_400, quota_octets: 5e9, rate_up_bps: 512_000, rate_down_bps: 2_000_000, devices: 2 };
  expect(termsInWords(all, 'no limit').replaceAll('\u00a0', ' ')).toBe('1d · ↓ 2 Mbps ↑ 512 kbps · 5.0 GB · ×2');
  const none = { validity_seconds: null, quota_octets: null, rate_up_bps: null, rate_down_bps: null, devices: 1 };
  expect(termsInWords(none, 'no limit')).toBe('no limit');
  expect(termsInWords({ ...none, rate_down_bps: 1_000_000 }, '-').replaceAll('\u00a0', ' ')).toBe('- · ↓ 1 Mbps ↑ ∞');
});
