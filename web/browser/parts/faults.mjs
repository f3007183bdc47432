// What goes wrong on the way to the server, or within the device: it is said, and everything goes on by itself.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { settled, until } from '../world.mjs';

const EXPECTED = /status of 503|ERR_FAILED|Failed to fetch dynamically imported module/;
const SLOW_MS = 600_000;

export async function faults(world) {
  await check('who cannot be told who they are reads why, and is let in once it is known', () => world.look(async (page) => {
    await page.route('**/api/v1/session', (route) => route.fulfill({ status: 503, json: { detail: 'The database is stalled.' } }));
    await page.goto(`${world.origin}/admin`);
    await page.getByText('The database is stalled.').waitFor();
    await page.unroute('**/api/v1/session');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  }, { expected: EXPECTED }));

  await check('a page whose file does not come says so, and comes once the server answers again', () => world.look(async (page) => {
    await world.open(page, '/admin');
    await page.route(/assets\/plans-/, (route) => route.abort());
    await page.route('**/healthz', (route) => route.fulfill({ status: 503 }));
    await page.getByRole('link', { name: 'Plans' }).click();
    await page.getByText('This page could not be loaded.').waitFor();
    await page.unroute(/assets\/plans-/);
    await page.unroute('**/healthz');
    await page.getByRole('heading', { name: 'Plans' }).waitFor();
  }, { expected: EXPECTED }));

  await check('a device whose clock is ten minutes slow reads the ages of figures as they are', () => world.look(async (page, context) => {
    await context.addInitScript((late) => {
      const now = Date.now;
      Date.now = () => now() - late;
    }, SLOW_MS);
    await world.open(page, '/admin/routers');
    const ages = () => page.locator('td time').allInnerTexts();
    // A clock that is believed makes all of them "just now", for ever.
    await until('an age grows', ages, (told) => told.some((age) => /^\d+s ago/.test(age)));
    assert.ok((await ages()).every((age) => !/[mhd] ago/.test(age)));
  }));

  await check('what is shown for another filter is not shown as if it fitted', () => world.look(async (page) => {
    await world.open(page, '/admin/vouchers?tab=codes');
    await page.route('**/api/v1/vouchers?**', (route) => route.fulfill({ status: 503, json: { detail: 'Not now.' } }));
    await page.getByLabel('State').selectOption('revoked');
    await page.getByText('Not now.').waitFor();
    assert.equal(await page.getByRole('table').count(), 0, 'rows of the former filter are gone');
    await page.unroute('**/api/v1/vouchers?**');
    await settled(page);
  }, { expected: EXPECTED }));
}
