import type { Schemas } from '../../api/client';
import { limit } from '../../format/amounts';
import { volume } from '../../format/amounts';
import { span } from '../../format/times';

type Terms = Pick<Schemas['VoucherTerms'], 'validity_seconds' | 'quota_octets' | 'rate_up_bps' | 'rate_down_bps' | 'devices'>;

/** What a voucher gives, in a few words: `1d · 512K/2M · 5.0 GB`. */
export function termsInWords(terms: Terms, unlimited: string): string {
  const half = (bps: number | null) => (bps ? limit(bps) : '∞');
  const speeds = terms.rate_up_bps || terms.rate_down_bps ? `${half(terms.rate_up_bps)}/${half(terms.rate_down_bps)}` : '';
  const time = terms.validity_seconds == null ? unlimited : span(terms.validity_seconds);
  return [time, speeds, terms.quota_octets ? volume(terms.quota_octets) : '', terms.devices > 1 ? `×${terms.devices}` : ''].filter(Boolean).join(' · ');
}

/** How a state is coloured. */
export function voucherKind(state: Schemas['VoucherState']): 'good' | 'warn' | 'bad' | 'plain' {
  if (state === 'running') return 'good';
  if (state === 'paused') return 'warn';
  return state === 'revoked' ? 'bad' : 'plain';
}
