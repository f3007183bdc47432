import { afterEach, expect, test } from 'vitest';

import { settings } from '../settings.svelte';
import { limit, parseLimit, parseVolume, percent, rate, shareOf, speed, volume } from './amounts';

afterEach(() => Object.assign(settings, { language: 'en', volumes: 'decimal', rates: 'bits' }));

test('volumes have one decimal and decimal units; octets are whole', () => {
  expect([0, 0.2, 974, 999, 1000, 15_200_000, 120_500_000].map(volume)).toEqual(['0 B', '0 B', '974 B', '999 B', '1.0 kB', '15.2 MB', '120.5 MB']);
});

test('what rounds up to a thousand is one of the next unit', () => {
  expect(volume(999_950)).toBe('1.0 MB');
  expect(volume(999_949)).toBe('999.9 kB');
  expect(volume(999.6)).toBe('1.0 kB');
  expect(rate(999_995)).toBe('1.00 Mbps');
});

test('rates have two decimals; bits are whole', () => {
  expect([0, 512, 5_230_000, 2_000_000_000].map(rate)).toEqual(['0 bps', '512 bps', '5.23 Mbps', '2.00 Gbps']);
});

test('a speed that was set is as exact as it is', () => {
  expect([64_000, 1_500_000, 2_000_000, 1_234_567, 999_999, 800].map(speed)).toEqual(['64 kbps', '1.5 Mbps', '2 Mbps', '1.234567 Mbps', '999.999 kbps', '800 bps']);
});

test('Indonesian figures have a comma, and are read back as they are shown', () => {
  settings.language = 'id';
  expect([volume(15_200_000), rate(5_230_000), speed(1_500_000), percent(99.97)]).toEqual(['15,2 MB', '5,23 Mbps', '1,5 Mbps', '99,9 %']);
  expect([parseVolume(volume(15_200_000)), parseLimit('1,5M')]).toEqual([15_200_000, 1_500_000]);
});

test('units of 1024 have names of their own', () => {
  settings.volumes = 'binary';
  expect([1000, 1024, 1_048_575, 15_204_352].map(volume)).toEqual(['1000 B', '1.0 KiB', '1.0 MiB', '14.5 MiB']);
  expect(rate(5_230_000)).toBe('5.23 Mbps');
});

test('rates in bytes go by the units of volumes', () => {
  settings.rates = 'bytes';
  expect([0, 5_230_000].map(rate)).toEqual(['0 B/s', '653.75 kB/s']);
  settings.volumes = 'binary';
  expect(rate(8_388_608)).toBe('1.00 MiB/s');
});

test('what is not known is a dash and no 0', () => {
  expect([volume(null), rate(undefined), percent(null)]).toEqual(['–', '–', '–']);
});

test('a limit is the largest exact integer', () => {
  expect([1_500_000, 2_000_000, 512_000, 1_234].map(limit)).toEqual(['1500K', '2M', '512K', '1234']);
});

test('limits are read as operators write them', () => {
  expect(['512K', '1m', ' 1.5M ', '64000'].map(parseLimit)).toEqual([512_000, 1_000_000, 1_500_000, 64_000]);
  expect(['', '0', '-1M', '1MB', 'fast', '1M/2M'].map(parseLimit)).toEqual(Array(6).fill(undefined));
});

test('volumes are read with and without the B', () => {
  expect(['10 GB', '500M', '1.5tb', '2000'].map(parseVolume)).toEqual([1e10, 5e8, 1.5e12, 2000]);
  expect(['', 'GB', '0', '1 GiB'].map(parseVolume)).toEqual(Array(4).fill(undefined));
});

test('nearly all is not all', () => {
  expect([100, 99.97, 0, 12.34].map(percent)).toEqual(['100 %', '99.9 %', '0 %', '12.3 %']);
});

test('a share needs something to compare with, and is never more than all', () => {
  expect([shareOf(5, 10), shareOf(20, 10), shareOf(5, null), shareOf(5, 0)]).toEqual([50, 100, undefined, undefined]);
});
