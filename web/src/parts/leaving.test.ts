import { expect, test } from 'vitest';

import { whenLeaving } from './leaving';

const quiet = { busy: false, unsaved: false, sure: false };

test('a dialog with nothing in it is left at once', () => {
  expect(whenLeaving(quiet)).toBe('go');
});

test('one that works is not left, whatever was said', () => {
  expect(whenLeaving({ ...quiet, busy: true })).toBe('stay');
  expect(whenLeaving({ busy: true, unsaved: true, sure: true })).toBe('stay');
});

test('what was typed is asked about once', () => {
  expect(whenLeaving({ ...quiet, unsaved: true })).toBe('ask');
  expect(whenLeaving({ ...quiet, unsaved: true, sure: true })).toBe('go');
});
