// Accounts: the link of the first admin, each role, and who is signed out.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { check } from '../checks.mjs';
import { tab } from '../chromium.mjs';
import { empty, folder } from '../programs.mjs';
import { settled, until } from '../world.mjs';

const PASSWORD = 'long enough for once';
/** Whoever is not signed in is told so, which browsers note as an error. */
const EXPECTED = /status of 40[13]/;
const EVERYTHING = ['Overview', 'Data Usage Monitor', 'Live', 'Subscribers', 'Bandwidth Control', 'Vouchers', 'Plans', 'Routers', 'Events', 'Settings'];
const MENUS = { admin: EVERYTHING, operator: EVERYTHING, viewer: EVERYTHING, cashier: ['Vouchers', 'Plans', 'Settings'] };

export async function accounts(world) {
  const server = await empty('accounts');
  const opened = (how = {}) => tab(world.browser, { origin: server.url, expected: EXPECTED, ...how });
  await check('the first admin comes in by the link that the server printed, once', () => setUp(server, opened));
  await check('an admin lets others in, and each role has its own pages', () => roles(server, opened));
  await check('who is given another role is signed out with that', () => changed(server, opened));
  await check('a wrong password is refused in words; signing out ends it on the server too', () => leaves(server, opened));
  await check('a sign-out that the server refused is told, and nobody is shown as signed out', () => stays(server, opened));
  await check('who signs in as another person in one tab is that person in all', () => oneForAll(server, opened));
  await server.stop();
}

async function setUp(server, opened) {
  // It is printed after the address, by which the server is known to be up.
  const printed = () => /\/admin\/setup#\S+/.exec(readFileSync(new URL('accounts.log', folder), 'utf8'))?.[0];
  const link = await until('the link is printed', printed);
  const { page, context, complaints, close } = await opened();
  await page.goto(server.url + link);
  await filled(page, 'rina', PASSWORD);
  await page.locator('input[name=again]').fill('another one');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('alert').getByText('not the same').waitFor();
  await page.locator('input[name=again]').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  assert.equal(new URL(page.url()).hash, '', 'the key is in no history');
  const cookie = (await context.cookies()).find((one) => one.name === 'tikmeter_session');
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, 'Strict', '/']);
  assert.equal(await page.evaluate(() => sessionStorage.getItem('tikmeter-token')), null);
  assert.deepEqual(complaints, []);
  await close();
  const again = await opened();
  await again.page.goto(server.url + link);
  await filled(again.page, 'eve', PASSWORD);
  await again.page.locator('input[name=again]').fill(PASSWORD);
  await again.page.getByRole('button', { name: 'Make the account' }).click();
  await again.page.getByRole('alert').waitFor();
  await again.close();
}

async function roles(server, opened) {
  const { page, complaints, close } = await opened();
  await signIn(server, page, 'rina');
  await page.goto(`${server.url}/admin/settings`);
  await settled(page);
  for (const [name, role] of [['budi', 'cashier'], ['siti', 'operator'], ['wati', 'viewer']]) {
    await page.getByRole('button', { name: 'Let somebody in' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Let somebody in' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Role').selectOption(role);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('cell', { name, exact: true }).waitFor();
  }
  assert.deepEqual(complaints, []);
  await close();
  for (const [name, role] of [['rina', 'admin'], ['siti', 'operator'], ['wati', 'viewer'], ['budi', 'cashier']]) {
    await has(server, opened, name, MENUS[role]);
  }
}

/** Sees exactly those pages in the menu, and is told so on the others. */
async function has(server, opened, name, menu) {
  const { page, complaints, close } = await opened();
  await signIn(server, page, name);
  const nav = page.getByRole('navigation', { name: 'Menu' });
  await nav.getByRole('link').first().waitFor();
  assert.deepEqual(await nav.getByRole('link').allInnerTexts(), menu, name);
  if (!menu.includes('Routers')) {
    await page.getByRole('heading', { name: menu[0] }).waitFor();
    await page.goto(`${server.url}/admin/routers`);
    await page.getByText('Your role does not have this page').waitFor();
  }
  assert.deepEqual(complaints, []);
  await close();
}

async function changed(server, opened) {
  const [rina, wati] = [await opened(), await opened()];
  await signIn(server, wati.page, 'wati');
  await wati.page.getByRole('heading', { name: 'Overview' }).waitFor();
  await signIn(server, rina.page, 'rina');
  await rina.page.goto(`${server.url}/admin/settings`);
  await rina.page.getByRole('row', { name: /wati/ }).getByRole('button', { name: 'Edit' }).click();
  const dialog = rina.page.getByRole('dialog', { name: 'wati' });
  await dialog.getByLabel('Role').selectOption('cashier');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await rina.page.getByRole('row', { name: /wati.*Cashier/ }).waitFor();
  await wati.page.getByRole('alert').getByText('signed out').waitFor();
  await signIn(server, wati.page, 'wati');
  await wati.page.getByRole('heading', { name: 'Vouchers' }).waitFor();
  await rina.close();
  await wati.close();
}

async function leaves(server, opened) {
  const { page, context, close } = await opened();
  await page.goto(`${server.url}/admin`);
  await filled(page, 'rina', 'not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('is wrong').waitFor();
  await signIn(server, page, 'rina');
  const before = (await context.cookies()).find((one) => one.name === 'tikmeter_session');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('input[name=password]').waitFor();
  const answer = await fetch(`${server.url}/api/v1/session`, { headers: { cookie: `tikmeter_session=${before.value}` } });
  assert.equal(answer.status, 401, 'the cookie is worth nothing any more');
  await page.reload();
  await page.locator('input[name=password]').waitFor();
  await close();
}

async function stays(server, opened) {
  const { page, close } = await opened({ expected: /status of 503/ });
  await signIn(server, page, 'rina');
  await page.route('**/api/v1/session', (route) => (route.request().method() === 'DELETE' ? route.fulfill({ status: 503, json: { detail: 'The database is stalled.' } }) : route.continue()));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('aside').getByText('The database is stalled.').waitFor();
  assert.ok(await page.getByRole('navigation', { name: 'Menu' }).isVisible());
  await close();
}

async function oneForAll(server, opened) {
  const { page, context, close } = await opened();
  await signIn(server, page, 'rina');
  const other = await context.newPage();
  await other.goto(`${server.url}/admin/routers`);
  await other.getByRole('heading', { name: 'Routers' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await other.locator('input[name=password]').waitFor();
  await signIn(server, page, 'budi');
  await other.getByText('Your role does not have this page').waitFor();
  await close();
}

async function signIn(server, page, name) {
  await page.goto(`${server.url}/admin`);
  await filled(page, name, PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Menu' }).waitFor();
}

async function filled(page, name, password) {
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(password);
}
