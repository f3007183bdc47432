import { expect, test } from 'vitest';

import { isOf, speedsOf } from './speeds';

const device = { router: 'lake', kind: 'device', subject: 'AA:BB:CC:DD:EE:FF', up_bps: 1_000_000, down_bps: null };
const ppp = { router: 'tower', kind: 'ppp', subject: 'ana', up_bps: 512_000, down_bps: 2_000_000 };
const guest = { router: 'lake', username: 'ana', calling_station_id: 'AA:BB:CC:DD:EE:FF' };
const caller = { router: 'tower', username: 'ana', calling_station_id: '11:22:33:44:55:66' };

test('a limit is of a device by its address and of a PPP login by its name, on that router alone', () => {
  expect([isOf(device, guest), isOf(ppp, caller)]).toEqual([true, true]);
  expect([isOf(ppp, guest), isOf({ ...ppp, router: 'lake', kind: 'address' }, guest), isOf({ ...device, router: 'tower' }, guest)]).toEqual([false, false, false]);
});

test('the speeds that are wanted now are those to begin with', () => {
  expect(speedsOf([ppp, device], [guest])).toEqual({ up_bps: 1_000_000, down_bps: null });
  expect(speedsOf([ppp], [guest])).toBe(undefined);
});

test('where logins of one person have different speeds, none is theirs', () => {
  expect(speedsOf([ppp, device], [guest, caller])).toBe(undefined);
  expect(speedsOf([ppp, { ...device, up_bps: ppp.up_bps, down_bps: ppp.down_bps }], [guest, caller])).toEqual({ up_bps: 512_000, down_bps: 2_000_000 });
});
