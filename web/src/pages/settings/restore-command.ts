// The command by which a backup comes back.

/** For a shell on the server, whatever its folder is called. */
export function restoreCommand(folder: string, name: string): string {
  const file = `${folder.replace(/\/$/, '')}/${name}`;
  const word = /^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
  return `tikmeter backup restore ${word} --replace`;
}
