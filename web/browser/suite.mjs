// What a person does, against a running `tikmeter demo`: sign in, watch figures grow and agree with the API, look at one subscriber
// live, set a limit, find the way by links and the back button. No complaint of the browser, no request to anywhere else.

import assert from 'node:assert/strict';

import { browser, pages, server, tab, token } from './pages.mjs';

const chromium = await browser();
const desktop = { width: 1280, height: 800, theme: 'light' };
let failed = 0;

async function check(name, work) {
  try {
    await work();
    console.log(`ok     ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}

const ask = async (path) => (await fetch(server + path, { headers: { Authorization: `Bearer ${token}` } })).json();

/** Works on a signed-in tab, which must have had nothing to complain of. */
async function signedIn(work, size = desktop) {
  const { page, complaints, close } = await tab(chromium, size);
  await work(page);
  assert.deepEqual(complaints, []);
  await close();
}

await check('a wrong token is refused in words, the right one lets in', async () => {
  const page = await (await chromium.newContext({ locale: 'en' })).newPage();
  await page.goto(`${server}/admin`);
  await page.getByLabel('API token').fill('tkm_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('does not know this token').waitFor();
  await page.getByLabel('API token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem('tikmeter-token')), null, 'it is kept in this tab alone');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API token').waitFor();
});

await check('the overview counts who is online as the API does', () => signedIn(async (page) => {
  await page.goto(`${server}/admin`);
  const shown = async () => Number(await page.locator('.tiles .big').first().innerText());
  await page.waitForFunction(() => Number(document.querySelector('.tiles .big')?.textContent) > 0);
  // The demo's people come and go: one moment at which both agree is what is waited for.
  for (;;) {
    const online = (await ask('/api/v1/routers')).items.reduce((sum, router) => sum + (router.sessions_open ?? 0), 0);
    if ((await shown()) === online) break;
    await page.waitForTimeout(500);
  }
}));

await check('one subscriber is watched live', () => signedIn(async (page) => {
  await page.goto(server + (await pages()).live);
  await page.getByText('live', { exact: true }).waitFor({ timeout: 60_000 });
  await page.locator('.now').getByText(/bps/).first().waitFor({ timeout: 60_000 });
  const before = await page.locator('.now').innerText();
  await page.waitForFunction((text) => document.querySelector('.now')?.innerText !== text, before, { timeout: 60_000 });
}));

await check('the list of sessions is searched, its address says so, and back leads back', () => signedIn(async (page) => {
  await page.goto(`${server}/admin`);
  await page.getByRole('link', { name: 'Data Usage Monitor' }).first().click();
  const name = (await ask('/api/v1/sessions?state=open&limit=1')).items[0].username;
  await page.getByPlaceholder('User, address, MAC…').fill(name);
  await page.waitForURL((url) => url.searchParams.get('q') === name);
  await page.getByRole('cell').getByText(name).first().waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}));

await check('the ledger says in words why it is so much', () => signedIn(async (page) => {
  await page.goto(server + (await pages()).subscriber);
  await page.getByText('Why is it so much?').click();
  await page.locator('details li').first().waitFor({ timeout: 60_000 });
  assert.match(await page.locator('details li').first().innerText(), /\w+ \w+/);
}));

await check('commands of a limit are shown before they are sent', () => signedIn(async (page) => {
  await page.goto(server + (await pages()).subscriber);
  await page.getByRole('button', { name: 'Set limit' }).click();
  await page.getByLabel('Upload', { exact: false }).last().fill('fast');
  assert.equal(await page.getByRole('dialog').getByRole('button', { name: 'Set limit' }).isDisabled(), true, 'checked as typed');
  await page.getByLabel('Upload', { exact: false }).last().fill('1M');
  await page.getByRole('button', { name: 'Show the commands' }).click();
  await page.locator('pre').waitFor({ timeout: 60_000 });
  assert.match(await page.locator('pre').innerText(), /queue/);
}));

await check('on a phone the menu opens and leads on', () => signedIn(async (page) => {
  await page.goto(`${server}/admin`);
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Routers' }).click();
  await page.getByRole('heading', { name: 'Routers' }).waitFor();
}, { width: 360, height: 740, theme: 'dark' }));

await chromium.close();
process.exit(failed ? 1 : 0);
