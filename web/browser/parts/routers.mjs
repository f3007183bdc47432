// A router is added as a person would, tested item by item, and read.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { router, routerWithTls } from '../programs.mjs';
import { until } from '../world.mjs';

/** The router that is added here: it never restarts, so that what is done on it is not cut off. */
export const TOWER = 'tower';

export async function routers(world) {
  const port = await router(TOWER, '--sessions', '60', '--guests', '10', '--seed', '19');
  await check('a router is added, tested at once and read', () => world.look(async (page) => {
    await world.open(page, '/admin/routers');
    await page.getByRole('button', { name: 'Add a router' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel(/^Name/).fill(TOWER);
    await form.getByLabel(/^Address/).fill('127.0.0.1');
    await form.getByLabel(/^Port/).fill(String(port));
    await form.getByLabel(/^User/).fill('meter');
    // The port was left: whether something answers there is told without a login.
    await form.getByRole('listitem').filter({ hasText: 'Port' }).getByText('ok', { exact: true }).waitFor();
    assert.equal(await form.getByRole('listitem').filter({ hasText: 'Login' }).count(), 0);
    await form.getByLabel(/^Password/).fill('simulated');
    await form.getByLabel(/^Uplink speed/).fill('fast');
    assert.equal(await form.getByRole('button', { name: 'Add a router' }).isDisabled(), true, 'checked as typed');
    await form.getByLabel(/^Uplink speed/).fill('1G');
    await form.getByRole('button', { name: 'Test connection' }).click();
    await form.getByRole('listitem').filter({ hasText: 'Login' }).getByText('ok', { exact: true }).waitFor();
    assert.deepEqual((await world.ask('/api/v1/routers')).items.filter((one) => one.name === TOWER), [], 'it is tested before it is added');
    await form.getByRole('button', { name: 'Add a router' }).click();
    await page.getByRole('heading', { name: TOWER }).waitFor();
    // Every item has its state and a sentence.
    const items = page.locator('section', { hasText: 'Test connection' }).locator('li');
    await items.first().waitFor();
    const told = await items.allInnerTexts();
    assert.ok(told.length >= 8 && told.every((one) => one.split('\n').length >= 3), told.join(' / '));
    await page.getByRole('heading', { name: TOWER }).getByText('online').waitFor();
    assert.equal(new URL(page.url()).search, '', 'whoever loads the page again tests nothing');
  }));

  await check('a certificate is shown, compared, accepted and demanded before anything is sent', () => world.look(async (page) => {
    const tls = await routerWithTls('over-tls', '--sessions', '3', '--guests', '0', '--seed', '23');
    await world.open(page, '/admin/routers?add=1');
    const form = page.getByRole('dialog');
    await form.getByLabel(/^Address/).fill('127.0.0.1');
    await form.getByLabel(/^Port/).fill(String(tls));
    await form.getByLabel(/^Connection/).selectOption('pinned');
    const shown = (await form.locator('li .code').innerText()).replaceAll(/\s/g, '');
    assert.match(shown, /^[0-9a-f]{64}$/);
    await form.getByRole('button', { name: 'Accept this certificate' }).click();
    assert.equal(await form.getByLabel(/^Fingerprint/).inputValue(), shown);
    await form.getByRole('listitem').filter({ hasText: 'TLS' }).getByText('ok', { exact: true }).waitFor();
  }));

  await check('a name that is taken is refused in words, and what was typed stays', () => world.look(async (page) => {
    await world.open(page, '/admin/routers?add=1');
    const form = page.getByRole('dialog');
    for (const [label, value] of [['Name', TOWER], ['Address', '192.0.2.7'], ['User', 'x'], ['Password', 'y']]) await form.getByLabel(new RegExp(`^${label}`)).fill(value);
    await form.getByRole('button', { name: 'Add a router' }).click();
    await form.getByRole('status').getByText(/\w+ \w+ \w+/).waitFor();
    assert.equal(await form.getByLabel(/^Address/).inputValue(), '192.0.2.7');
  }, { expected: /status of 4\d\d/ }));

  await check('what makes figures wrong on a router is found, with what mends it', () => world.look(async (page) => {
    await world.open(page, `/admin/routers/${TOWER}`);
    await page.getByRole('button', { name: 'Look for faults' }).click();
    const findings = page.locator('section', { hasText: 'Look for faults' }).locator('li');
    // Its sessions are nobody's yet, and it is simulated with a clock of its own.
    const told = await findings.filter({ hasText: 'Login of nobody' }).first().innerText();
    assert.match(told, /tikmeter subscriber add /);
    await findings.filter({ hasText: 'Clock is wrong' }).getByText(/^\/system\/clock\/set /).waitFor();
    await world.open(page, '/admin/routers');
    await page.getByRole('link', { name: 'Findings' }).click();
    await page.getByRole('heading', { name: 'Findings' }).waitFor();
    await page.getByRole('button', { name: 'Look for faults' }).click();
    await findings.getByRole('link', { name: TOWER }).first().waitFor();
  }));

  await until(`${TOWER} has sessions`, () => world.ask(`/api/v1/routers/${TOWER}`), (one) => one.sessions_open > 20);
}
