import { getText } from './api/client';

/** Saves what the server gives at `address` as a file of the device. A link cannot: it would not say who asks. */
export async function saveFile(address: string, name: string): Promise<void> {
  saveText(await getText(address), name);
}

/** Saves a text as a file of the device. */
export function saveText(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
