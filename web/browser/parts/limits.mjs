// A customer is watched live; a limit is set and the rate falls; it goes and the rate rises.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { until } from '../world.mjs';
import { read } from './figures-of.mjs';
import { TOWER } from './routers.mjs';
import { heavy } from './subscribers.mjs';

/** Bits per second, far below what whoever is watched moves. */
const LIMIT = 64_000;
/** A sample is of about a second, as the router measures: an octet more or less at its edges. */
const SLACK = 1.1;

export async function limits(world) {
  const shown = async (page) => read(await page.locator('.now .down').innerText());

  await check('commands of a limit are shown before they are sent', () => world.look(async (page) => {
    await world.open(page, `/admin/subscribers/${world.customer}`);
    await page.getByRole('button', { name: 'Set limit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Upload/).fill('fast');
    assert.equal(await dialog.getByRole('button', { name: 'Set limit' }).isDisabled(), true, 'checked as typed');
    await dialog.getByLabel(/^Upload/).fill('1M');
    await dialog.getByRole('button', { name: 'Show the commands' }).click();
    assert.match(await dialog.locator('pre').innerText(), /\/queue\/simple/);
    await dialog.getByLabel(/^Upload/).fill('3M');
    assert.equal(await dialog.locator('pre').count(), 0, 'those were of other values');
    assert.equal((await world.ask('/api/v1/limits')).items.filter((one) => one.router === TOWER).length, 0, 'nothing was sent');
  }));

  await check('a customer is watched live, a limit is set and the rate falls, it is removed and the rate rises', () => world.look(async (page, context) => {
    await page.goto(`${world.origin}/admin/live`);
    await page.getByPlaceholder('Username or name').fill(world.customer);
    await page.getByRole('list', { name: 'Add a subscriber' }).getByRole('button', { name: world.customer }).click();
    await page.waitForURL((url) => url.searchParams.get('who') === world.customer);
    await page.locator('section').getByText('live', { exact: true }).waitFor();
    await until('they move more than the limit', () => shown(page), (rate) => rate && rate.least > 2 * LIMIT);

    const other = await context.newPage();
    await world.open(other, `/admin/subscribers/${world.customer}`);
    await other.getByRole('button', { name: 'Set limit' }).click();
    const dialog = other.getByRole('dialog');
    await dialog.getByLabel(/^Upload/).fill('32K');
    await dialog.getByLabel(/^Download/).fill('64K');
    await dialog.getByLabel(/^How long/).selectOption({ label: 'until somebody removes it' });
    await dialog.getByRole('button', { name: 'Set limit' }).click();
    await dialog.getByRole('status').getByText(/\w+ \w+/).waitFor();

    await until('the rate falls', () => shown(page), (rate) => rate && rate.most < LIMIT * SLACK);
    for (const rate of await samples(page, 5)) assert.ok(rate.least < LIMIT * SLACK, `${rate.least} bit/s under a limit of ${LIMIT}`);

    await world.open(other, `/admin/subscribers/${world.customer}`);
    await other.getByRole('button', { name: 'Set limit' }).click();
    await until('one begins with the limit that is there', () => Promise.all([/^Upload/, /^Download/].map((label) => dialog.getByLabel(label).inputValue())), ([up, down]) => up === '32K' && down === '64K');
    await world.open(other, '/admin/bandwidth');
    const row = other.getByRole('row').filter({ hasText: TOWER }).filter({ hasText: '↓ 64 kbps ↑ 32 kbps' });
    await row.getByRole('button', { name: 'Remove' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Show the commands' }).click();
    assert.match(await other.getByRole('dialog').locator('pre').innerText(), /\/queue\/simple\/remove/);
    await other.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await other.getByRole('dialog').getByRole('status').getByText(/\w+ \w+/).waitFor();
    await until('the rate rises', () => shown(page), (rate) => rate && rate.least > LIMIT * SLACK);
  }));

  await check('what is watched can be held and looked at closer', () => world.look(async (page) => {
    await world.open(page, `/admin/live?who=${world.customer}`);
    await page.locator('.now').getByText(/bps/).first().waitFor();
    await samples(page, 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    const held = await page.locator('.now').innerText();
    await page.waitForResponse(/\/api\/v1\/monitors/);
    assert.equal((await page.locator('.now .down').innerText()), held.split('\n')[0], 'nothing moves while it is held');
    await page.getByRole('button', { name: 'Go on' }).click();
    const chart = await page.locator('.u-over').boundingBox();
    await page.mouse.move(chart.x + chart.width * 0.6, chart.y + 50);
    await page.mouse.down();
    await page.mouse.move(chart.x + chart.width * 0.9, chart.y + 50, { steps: 5 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Last 5 minutes' }).click();
  }));

  await check('a session is ended and the outcome is told in words', async () => {
    const whom = await heavy(world);
    const [session] = (await world.ask(`/api/v1/sessions?state=open&router=${TOWER}&username=${whom}`)).items;
    await world.look(async (page) => {
      await world.open(page, `/admin/network/data-usage?router=${TOWER}&q=${whom}`);
      await page.getByRole('row').filter({ hasText: whom }).getByRole('button', { name: 'Disconnect' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(TOWER).waitFor();
      await dialog.getByRole('button', { name: 'Disconnect', exact: true }).click();
      const told = await dialog.locator('p[role=status]').innerText();
      assert.match(told, /\w+ \w+ \w+/);
    });
    await until('the session ended', () => world.ask(`/api/v1/sessions?router=${TOWER}&username=${whom}`), (answer) => answer.items.find((one) => one.no === session.no)?.state === 'ended');
  });
}

/** The next so many rates that differ from the one before. */
async function samples(page, count) {
  const all = [];
  for (let before = ''; all.length < count;) {
    await page.waitForFunction((text) => document.querySelector('.now .down')?.textContent !== text, before);
    before = await page.locator('.now .down').innerText();
    const rate = read(before);
    if (rate) all.push(rate);
  }
  return all;
}
