// Links lead where they say, the back button leads back, and what is searched stands in the address.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { MENU } from '../pages.mjs';
import { settled } from '../world.mjs';
import { TOWER } from './routers.mjs';

const where = (page) => new URL(page.url());

export async function places(world) {
  await check('every entry of the menu leads to its page, and back leads back through all', () => world.look(async (page) => {
    await world.open(page, '/admin');
    for (const [title, address] of MENU) {
      await page.getByRole('navigation').first().getByRole('link', { name: title, exact: true }).click();
      await page.locator('h1', { hasText: title }).waitFor();
      assert.equal(where(page).pathname, address);
      assert.equal(await page.title(), `${title} · Tikmeter`);
      assert.equal(await page.locator('aside [aria-current=page]').innerText(), title);
    }
    for (const [title] of MENU.slice(0, -1).reverse()) {
      await page.goBack();
      await page.locator('h1', { hasText: title }).waitFor();
    }
  }));

  await check('filters stand in the address: loaded anew or sent to somebody, the page is the same', () => world.look(async (page) => {
    await world.open(page, '/admin/network/data-usage');
    await page.getByLabel('Router').selectOption(TOWER);
    await page.getByPlaceholder('User, address, MAC…').fill('a');
    await page.getByRole('columnheader', { name: 'User' }).getByRole('button').click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'a' && url.searchParams.get('router') === TOWER && url.searchParams.get('sort') === 'user');
    await page.reload();
    await settled(page);
    assert.equal(await page.getByLabel('Router').inputValue(), TOWER);
    assert.equal(await page.getByPlaceholder('User, address, MAC…').inputValue(), 'a');
    assert.equal(await page.getByRole('columnheader', { name: 'User' }).getAttribute('aria-sort'), 'ascending');
    const names = (await page.locator('.item .user').allInnerTexts()).map((text) => text.split('\n')[0]);
    assert.ok(names.length > 3);
    assert.deepEqual(names, names.toSorted((a, b) => a.localeCompare(b)));
  }));

  await check('back after a search leads to the page before, not to the letter before', () => world.look(async (page) => {
    await world.open(page, '/admin');
    await page.getByRole('link', { name: 'Data Usage Monitor' }).first().click();
    await page.getByPlaceholder('User, address, MAC…').pressSequentially('abc');
    await page.waitForURL((url) => url.searchParams.get('q') === 'abc');
    await page.getByText('Nobody fits').or(page.locator('.item').first()).first().waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  }));

  await check('a search that nothing fits says so and can be cleared', () => world.look(async (page) => {
    await world.open(page, '/admin/network/data-usage?q=nobody-has-this-name');
    await page.getByText('Nobody fits').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.locator('.item').first().waitFor();
  }));

  await check('an address that is none says so and leads on', () => world.look(async (page) => {
    await world.open(page, '/admin/nowhere');
    await page.getByRole('link', { name: 'To the overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  }));

  await check('a name that nobody has is told in the server’s words', () => world.look(async (page) => {
    await world.open(page, '/admin/subscribers/nobody-has-this-name');
    await page.getByRole('alert').getByText('nobody-has-this-name').waitFor();
  }, { expected: /status of 404/ }));

  await check('on a phone the menu opens, leads on and closes', () => world.look(async (page) => {
    await world.open(page, '/admin');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Routers' }).click();
    await page.getByRole('heading', { name: 'Routers' }).waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('dialog').count(), 0);
  }, { size: 'phone', theme: 'dark' }));

  await check('light and dark, language, zone and units are chosen in the settings and stay', () => world.look(async (page) => {
    await world.open(page, '/admin/settings');
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await ground();
    await page.getByLabel('Light or dark').selectOption('dark');
    assert.notEqual(await ground(), before);
    await page.getByLabel('Time zone').fill('Asia/Tokyo');
    await page.getByLabel('Time zone').press('Tab');
    await page.getByLabel('Volumes').selectOption('binary');
    await page.getByLabel('Rates').selectOption('bytes');
    await page.getByLabel('Language').selectOption('id');
    await page.getByRole('heading', { name: 'Pengaturan' }).waitFor();
    const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('tikmeter-settings')));
    assert.deepEqual(kept, { language: 'id', theme: 'dark', zone: 'Asia/Tokyo', volumes: 'binary', rates: 'bytes' });
    await page.locator('aside a[href="/admin/network/data-usage"]').click();
    await page.locator('.item .download').first().getByText(/[KMG]iB$/).waitFor();
  }));
}
