import type { Schemas } from '../../api/client';
import { volume } from '../../format/amounts';
import { speeds } from '../../format/terms';
import { span } from '../../format/times';

type Terms = Pick<Schemas['VoucherTerms'], 'validity_seconds' | 'quota_octets' | 'rate_up_bps' | 'rate_down_bps' | 'devices'>;

/** What a voucher gives, in a few words: `1d · ↓ 2 Mbps ↑ 512 kbps · 5.0 GB`. */
export function termsInWords(terms: Terms, unlimited: string): string {
  const time = terms.validity_seconds == null ? unlimited : span(terms.validity_seconds);
  const speed = speeds({ down: terms.rate_down_bps, up: terms.rate_up_bps });
  return [time, speed, terms.quota_octets ? volume(terms.quota_octets) : '', terms.devices > 1 ? `×${terms.devices}` : ''].filter(Boolean).join(' · ');
}

/** How a state is coloured. */
export function voucherKind(state: Schemas['VoucherState']): 'good' | 'warn' | 'bad' | 'plain' {
  if (state === 'running') return 'good';
  if (state === 'paused') return 'warn';
  return state === 'revoked' ? 'bad' : 'plain';
}
