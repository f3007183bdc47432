// A plan is made, vouchers are generated of it and printed.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';

const PORTAL = 'http://10.5.50.1:8080/portal';

export async function vouchers(world) {
  await check('a plan is made', () => world.look(async (page) => {
    await world.open(page, '/admin/plans');
    await page.getByRole('button', { name: 'Add a plan' }).first().click();
    const form = page.getByRole('dialog');
    for (const [label, value] of [['Name', 'hour'], ['Price', '5'], ['Lasts', '1h'], ['Upload', '1M'], ['Download', '2M'], ['Quota', '10 GB']]) await form.getByLabel(new RegExp(`^${label}`)).fill(value);
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    const row = page.getByRole('row').filter({ hasText: 'hour' });
    assert.match(await row.innerText(), /5\s+1h\s+1\s+↓\s2\sMbps\s↑\s1\sMbps[\s\S]*10\.0 GB/);
  }));

  await check('vouchers are generated and printed', () => world.look(async (page) => {
    await world.open(page, '/admin/vouchers');
    await page.getByRole('button', { name: 'Generate vouchers' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel(/^How many/).fill('6');
    await form.getByLabel(/^Plan/).selectOption('hour');
    await form.getByLabel(/^Seller/).fill('kiosk');
    await form.getByRole('button', { name: 'Generate vouchers' }).click();
    await form.getByRole('link', { name: 'Print sheet' }).click();
    const sheet = page.frameLocator('iframe');
    await sheet.getByText('Print this page').waitFor();
    await page.getByLabel('Portal address').fill(PORTAL);
    await page.getByLabel('Name of the shop').fill('Rina Wi-Fi');
    await page.getByLabel('Name of the shop').press('Enter');
    await sheet.getByText('Rina Wi-Fi').first().waitFor();
    const batch = Number(new URL(page.url()).pathname.split('/').pop());
    const codes = (await world.ask(`/api/v1/vouchers?batch=${batch}`)).items.map((one) => one.code);
    assert.equal(codes.length, 6);
    const printed = (await sheet.locator('body').innerText()).replaceAll(/\s/g, '');
    for (const code of codes) assert.ok(printed.includes(code), `${code} is on the sheet`);
    assert.equal(await sheet.locator('svg').count(), 6, 'each has its sign to scan');
    assert.notEqual(await sheet.locator('svg').first().evaluate((sign) => sign.getBoundingClientRect().width), 0);
    await page.locator('iframe').evaluate((frame) => { frame.contentWindow.print = () => frame.setAttribute('data-printed', 'yes'); });
    await page.getByRole('button', { name: 'Print' }).click();
    await page.locator('iframe[data-printed=yes]').waitFor();
    world.codes = codes;
    await world.open(page, `/admin/voucher-sheets/${batch}`);
    assert.equal(await page.getByLabel('Portal address').inputValue(), PORTAL, 'it is not typed anew for each batch');
  }));

  await check('sales have the days of the zone that is shown', () => world.look(async (page) => {
    const asked = page.waitForRequest(/voucher-sales/);
    await world.open(page, '/admin/vouchers?tab=sales');
    assert.equal(new URL((await asked).url()).searchParams.get('zone'), 'Asia/Jakarta');
    const answered = await world.ask('/api/v1/voucher-sales?zone=Asia/Jakarta');
    assert.deepEqual(await Promise.all(['From', 'To'].map((label) => page.getByLabel(label).inputValue())), [answered.from, answered.to]);
  }));

  await check('a code is looked up, paused, resumed; its batch is listed with what is left of it', () => world.look(async (page) => {
    await world.open(page, '/admin/vouchers');
    await page.getByRole('row').filter({ hasText: 'kiosk' }).getByText('6 unused').waitFor();
    await page.getByPlaceholder('Look up a code').fill(world.codes[0]);
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('dialog').getByText('unused').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('code'), world.codes[0]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByPlaceholder('Look up a code').fill('NO-SUCH-CODE');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
  }, { expected: /status of 404/ }));
}
