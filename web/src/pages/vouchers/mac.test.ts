import { expect, test } from 'vitest';

import { isMac } from './mac';

test('a MAC is told from a code', () => {
  expect(['AA:BB:CC:DD:EE:FF', 'aa-bb-cc-dd-ee-0f', 'aabb.ccdd.ee0f'].every(isMac)).toBe(true);
  expect(['ABCD2345', 'aabbccddee0f', 'AA:BB:CC:DD:EE', 'AA:BB:CC:DD:EE:0G', ''].some(isMac)).toBe(false);
});
