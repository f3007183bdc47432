import { expect, test } from 'vitest';

import { restoreCommand } from './restore-command';

test('a file is one word of the command, whatever its folder is called', () => {
  expect(restoreCommand('/mnt/backups/', 'tikmeter-1.backup')).toBe('tikmeter backup restore /mnt/backups/tikmeter-1.backup --replace');
  expect(restoreCommand("/mnt/eva's disk", 'a.backup')).toBe("tikmeter backup restore '/mnt/eva'\\''s disk/a.backup' --replace");
});
