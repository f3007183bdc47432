// One customer: adopted, growing as the API says, explained, renewed and undone.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { settled, until } from '../world.mjs';
import { clickTwice } from './dialogs.mjs';
import { read } from './figures-of.mjs';
import { TOWER } from './routers.mjs';

/** The one on the tower who moves most and whose name is easily typed. */
export async function heavy(world) {
  const fits = (one) => one.router === TOWER && one.download_bps > 2_000_000 && /^[a-z.]+$/.test(one.username);
  const top = await until(`somebody on ${TOWER} moves much`, () => world.ask('/api/v1/live/top?limit=1000'), (answer) => answer.items.some(fits));
  return top.items.find(fits).username;
}

const cycle = async (world, name) => (await world.ask(`/api/v1/subscribers/${name}`)).cycle;
/** What the API says that one moved in the cycle, both ways. */
export const octets = async (world, name) => {
  const { upload_octets, download_octets } = await cycle(world, name);
  return upload_octets + download_octets;
};

export async function subscribers(world) {
  world.customer = await heavy(world);
  const address = `/admin/subscribers/${world.customer}`;

  await check('an unknown login is adopted', () => world.look(async (page) => {
    await world.open(page, `/admin/unknown-logins?q=${world.customer}`);
    const row = page.getByRole('row').filter({ hasText: world.customer }).filter({ hasText: TOWER });
    await row.getByRole('button', { name: 'Adopt' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel(/^Router/).selectOption({ label: `Only on ${TOWER}` });
    await form.getByLabel(/^Note/).fill('adopted by the suite');
    await form.getByRole('button', { name: 'Adopt' }).click();
    await form.waitFor({ state: 'detached' });
    await world.open(page, address);
    await page.getByText('adopted by the suite').waitFor();
  }));

  await check('the bytes grow, and are those of the API', () => world.look(async (page) => {
    await world.open(page, address);
    const figure = page.locator('section', { hasText: 'Current cycle' }).locator('.big');
    const first = read(await figure.innerText());
    await until('the figure grew', async () => read(await figure.innerText()).least > first.most);
    // The page asks by itself; what it shows lies between what another client is told before and after.
    const before = await octets(world, world.customer);
    await page.waitForResponse((answer) => new URL(answer.url()).pathname === `/api/v1/subscribers/${world.customer}`);
    await until('what was asked for before is shown', async () => read(await figure.innerText()).most >= before);
    const shown = read(await figure.innerText());
    assert.ok(shown.least <= await octets(world, world.customer), `${JSON.stringify(shown)} is more than there is`);
  }));

  await check('the ledger says in words why it is so much', () => world.look(async (page) => {
    await world.open(page, address);
    await page.getByText('Why is it so much?').click();
    const items = page.locator('details li');
    await items.first().waitFor();
    for (const words of await items.allInnerTexts()) assert.match(words, /\w+ \w+ \w+/);
  }));

  await check('renewed, the cycle begins at nothing; undone, it is the one of before', () => world.look(async (page) => {
    await world.open(page, address);
    const before = await cycle(world, world.customer);
    await page.getByRole('button', { name: 'Renew', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Renew', exact: true }).click();
    await dialog.getByText('Renewed: a new cycle is open.').waitFor();
    const renewed = await cycle(world, world.customer);
    assert.equal(renewed.seq_no, before.seq_no + 1);
    assert.ok(renewed.download_octets < before.download_octets, 'it begins at nothing');
    await dialog.getByRole('button', { name: 'Undo the last renewal' }).evaluate(clickTwice);
    await dialog.getByText('Undone: the cycle before is open again.').waitFor();
    const undone = await cycle(world, world.customer);
    assert.deepEqual([undone.seq_no, undone.opened_at], [before.seq_no, before.opened_at]);
    assert.ok(undone.download_octets >= before.download_octets, 'nothing is lost');
  }));

  await check('a statement is a page to print, without the menu', () => world.look(async (page) => {
    await world.open(page, `/admin/statements/${world.customer}`);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByRole('navigation').first().isVisible(), false);
    assert.ok(read(await page.locator('article dd strong').innerText()).most > 0);
    await page.emulateMedia({ media: null });
    await settled(page);
    await world.open(page, `/admin/statements/${world.customer}?cycle=4711`);
    await page.getByText('There is no cycle 4711.').waitFor();
  }));
}
