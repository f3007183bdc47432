import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { twice } from './twice.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const click = { detail: 1 } as MouseEvent;
const secondOfDouble = { detail: 2 } as MouseEvent;

test('the second click confirms, and the next is a first one again', () => {
  const button = twice();
  expect([button.click(click), button.isAsked]).toEqual([false, true]);
  expect([button.click(click), button.isAsked]).toEqual([true, false]);
  expect(button.click(click)).toBe(false);
});

test('a double click is one click', () => {
  const button = twice();
  button.click(click);
  expect([button.click(secondOfDouble), button.isAsked]).toEqual([false, true]);
});

test('it is forgotten after five seconds', () => {
  const button = twice();
  button.click(click);
  vi.advanceTimersByTime(4_999);
  expect(button.isAsked).toBe(true);
  vi.advanceTimersByTime(1);
  expect([button.isAsked, button.click(click)]).toEqual([false, false]);
});

test('it is forgotten when something else is looked at, and the time of before does not end the next', () => {
  const button = twice();
  button.click(click);
  vi.advanceTimersByTime(3_000);
  button.forget();
  expect(button.click(click)).toBe(false);
  vi.advanceTimersByTime(3_000);
  expect(button.isAsked).toBe(true);
});
