import { expect, test } from 'vitest';

import { apart, lookAt, together } from './who';

const ODD = ['a,b', '50%off', '100%25', 'budi & co', 'é+ü', 'plain'];

test('names are read as they were written', () => {
  expect(apart(together(ODD))).toEqual(ODD);
  expect(apart(new URLSearchParams(lookAt(ODD).split('?')[1]).get('who') ?? '')).toEqual(ODD);
});

test('a name is there once, none is none', () => {
  expect(together(['a', 'b', 'a'])).toBe('a,b');
  expect(apart('a,,a')).toEqual(['a']);
  expect(apart('')).toEqual([]);
});

test('what somebody typed into the address does not break the page', () => {
  expect(apart('50%off,b')).toEqual(['50%off', 'b']);
});
