// What is kept: backups that are made and put back, and the key that is replaced.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

import { check } from '../checks.mjs';
import { tab } from '../chromium.mjs';
import { empty, run } from '../programs.mjs';
import { settled } from '../world.mjs';

export async function keeping(world) {
  const server = await empty('keeping');
  const token = await server.token('admin');
  const opened = (how = {}) => tab(world.browser, { origin: server.url, token, ...how });
  await check('without a backup the settings say so, one is made there, and the command that brings it back works', () => backs(server, opened));
  await check('the key is replaced at the second click, and told by its fingerprint alone', () => replaces(server, opened));
  await check('a key that is lost, or not ours to replace, says what to do', () => told(server, opened));
  await check('backups and the key are told in Indonesian, and a failure in the server’s words', () => fails(server, opened));
  await server.stop();
}

const backups = (page) => page.getByRole('region', { name: 'Backups' });
const keys = (page) => page.getByRole('region', { name: 'Keys' });

async function looked(server, page) {
  await page.goto(`${server.url}/admin/settings`);
  await settled(page);
}

async function backs(server, opened) {
  const { page, complaints, close } = await opened();
  await looked(server, page);
  const part = backups(page);
  await part.getByText('No backup is in the folder').waitFor();
  await part.getByText('never: [backup] every').waitFor();
  assert.equal(await part.getByText('To restore').count(), 0);
  await part.getByRole('button', { name: 'Make one now' }).click();
  await part.getByText(/tikmeter-\S+\.backup is there/).waitFor();
  const command = await part.getByText(/^tikmeter backup restore /).innerText();
  const file = /restore (\S+) --replace/.exec(command)[1];
  assert.ok(existsSync(file), command);
  await part.getByRole('row').nth(1).waitFor();
  await run(['backup', 'verify', file]);
  assert.deepEqual(complaints, []);
  await close();
}

async function replaces(server, opened) {
  const { page, complaints, close } = await opened();
  await looked(server, page);
  const part = keys(page);
  const fingerprint = async () => (await part.locator('dd').allInnerTexts()).find((text) => /^[0-9a-f]{8}$/.test(text));
  const [before, file] = [await fingerprint(), `${server.told.data}key`];
  const bytes = readFileSync(file);
  assert.ok(before);
  await part.getByText(file).waitFor();
  await part.getByRole('button', { name: 'Replace the key' }).click();
  await part.getByRole('button', { name: 'keep a copy of it' }).waitFor();
  assert.deepEqual(readFileSync(file), bytes, 'one click asks only');
  await page.waitForTimeout(400);
  await part.getByRole('button', { name: 'keep a copy of it' }).click();
  await part.getByText(/The key is [0-9a-f]{8} now/).waitFor();
  assert.notDeepEqual(readFileSync(file), bytes);
  await page.waitForFunction((old) => ![...document.querySelectorAll('dd')].some((one) => one.textContent === old), before);
  assert.ok(!(await page.content()).includes(readFileSync(file).toString('hex')));
  assert.deepEqual(complaints, []);
  await close();
}

async function told(server, opened) {
  const { page, close } = await opened();
  const stands = { source: 'credential', path: '/run/credentials/tikmeter.key', fingerprint: '0123abcd', since: null, older: 'aaaabbbb', opens: 1, lost: ['tower'], unlike: ['east'] };
  await page.route('**/api/v1/key', (route) => route.fulfill({ json: stands }));
  await looked(server, page);
  const part = keys(page);
  for (const words of ['tikmeter.key.old', 'does not open the passwords of tower', 'the processes east', 'aaaabbbb', 'the password of 1 router']) await part.getByText(words).first().waitFor();
  assert.equal(await part.getByRole('button').count(), 0, 'there is nothing to click');
  await close();
}

async function fails(server, opened) {
  const { page, close } = await opened({ language: 'id', expected: /status of 409/ });
  await page.route('**/api/v1/backups', (route) => route.fulfill({ status: 409, json: { detail: 'The folder of backups cannot be used.' } }));
  await looked(server, page);
  const part = page.getByRole('region', { name: 'Cadangan' });
  await part.getByRole('alert').getByText('The folder of backups cannot be used.').waitFor();
  await part.getByRole('button', { name: 'Buat sekarang' }).click();
  await part.getByRole('status').getByText('The folder of backups cannot be used.').waitFor();
  await page.getByRole('region', { name: 'Kunci' }).getByText('Sidik kunci').waitFor();
  await close();
}
