// Dialogs: nothing is lost by closing one, nothing is begun twice, and the keyboard is where one would look for it.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { settled } from '../world.mjs';

export async function dialogs(world) {
  await check('a dialog that works is not closed, and its outcome is seen', () => world.look(async (page) => {
    const made = await held(page, (request) => request.method() === 'POST' && request.url().endsWith('/api/v1/tokens'));
    const dialog = await newToken(world, page);
    await dialog.getByLabel('What it is for').fill('made by the suite');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await made.asked;
    // A browser lets nobody be kept in by one refusal: the second key would close it.
    for (let key = 0; key < 3; key += 1) await page.keyboard.press('Escape');
    assert.equal(await dialog.getByRole('button', { name: 'Cancel' }).isDisabled(), true);
    assert.equal(await dialog.getByRole('button', { name: 'Close' }).isDisabled(), true);
    made.answer();
    await dialog.getByText(/^tkm_/).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }));

  await check('what was typed is asked about before it is thrown away', () => world.look(async (page) => {
    const dialog = await newToken(world, page);
    const field = dialog.getByLabel('What it is for');
    assert.equal(await field.evaluate((one) => one === document.activeElement), true, 'one begins at the first field');
    await page.keyboard.type('half a name');
    await page.keyboard.press('Escape');
    await dialog.getByRole('alert').getByText('is not saved').waitFor();
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Go on typing' }).click();
    assert.equal(await field.inputValue(), 'half a name');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Throw it away' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('button', { name: 'New token' }).evaluate((one) => one === document.activeElement), true, 'the focus is back');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }));

  await check('after an act by the keyboard the focus is where it was', () => world.look(async (page) => {
    await world.open(page, '/admin/plans');
    const button = page.getByRole('button', { name: 'Add a plan' }).first();
    await button.press('Enter');
    await page.keyboard.type('slow');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('row').filter({ hasText: 'slow' }).waitFor();
    assert.equal(await button.evaluate((one) => one === document.activeElement), true);
  }));

  await check('what is clicked twice says what it does, and is forgotten by whoever looks elsewhere', () => world.look(async (page) => {
    await world.send('POST', '/api/v1/tokens', { name: 'to be revoked', role: 'viewer' });
    await world.open(page, '/admin/settings');
    const row = page.getByRole('row').filter({ hasText: 'to be revoked' });
    await row.getByRole('button').click();
    assert.equal(await row.getByRole('button').innerText(), 'Revoke: click again');
    await page.getByLabel('Language').focus();
    assert.equal(await row.getByRole('button').innerText(), 'Revoke');
    await row.getByRole('button').dblclick();
    assert.equal(await row.getByRole('button').innerText(), 'Revoke: click again', 'a double click is one');
    await page.waitForFunction(() => ![...document.querySelectorAll('button')].some((one) => one.textContent.includes('click again')));
    await row.getByRole('button').evaluate(clickTwice);
    await row.getByText('revoked', { exact: true }).waitFor();
  }));

  await check('the answer about one batch never stands in the dialog of another', () => world.look(async (page) => {
    for (const seller of ['first seller', 'second seller']) await world.send('POST', '/api/v1/voucher-batches', { count: 2, validity: '1h', seller });
    const revoked = await held(page, (request) => request.url().endsWith('/revoke'));
    await world.open(page, '/admin/vouchers');
    const open = (seller) => page.getByRole('row').filter({ hasText: seller }).getByRole('button', { name: 'Revoke' }).click();
    await open('first seller');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await revoked.asked;
    await page.keyboard.press('Escape');
    assert.equal(await dialog.count(), 1);
    revoked.answer();
    await dialog.getByText('2 vouchers were taken out of use.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await open('second seller');
    await dialog.getByRole('button', { name: 'Revoke' }).waitFor();
    assert.equal(await dialog.getByText('taken out of use').count(), 0);
  }));

  await check('after going to another page the focus is in it, and its title names whom it is of', () => world.look(async (page) => {
    await world.open(page, '/admin');
    await page.getByRole('link', { name: 'Subscribers' }).first().click();
    await page.getByRole('heading', { name: 'Subscribers' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'content');
    assert.equal(await page.title(), 'Subscribers · Tikmeter');
    await world.open(page, `/admin/subscribers/${world.customer}`);
    assert.equal(await page.title(), `${world.customer} · Subscribers · Tikmeter`);
    await page.getByRole('link', { name: 'Statement' }).first().click();
    await settled(page);
    await page.goBack();
    await page.waitForFunction(() => document.activeElement?.id === 'content');
  }));

  await check('codes are no tab of whoever may not look at them', () => world.look(async (page) => {
    await world.open(page, '/admin/vouchers');
    assert.deepEqual(await page.getByRole('group', { name: 'Vouchers' }).getByRole('button').allInnerTexts(), ['Batches', 'Sales']);
    await world.open(page, '/admin/vouchers?tab=codes');
    await page.getByText('codes are for who sells them').waitFor();
  }, { token: world.viewer }));
}

/** However slow the machine is, the second click comes in time. */
export function clickTwice(button) {
  button.click();
  button.click();
}

async function newToken(world, page) {
  await world.open(page, '/admin/settings');
  await page.getByRole('button', { name: 'New token' }).click();
  return page.getByRole('dialog', { name: 'New token' });
}

/** Keeps back what is asked until `answer` is called; `asked` comes when it was asked. */
async function held(page, fits) {
  let answer;
  let came;
  const [wait, asked] = [new Promise((done) => { answer = done; }), new Promise((done) => { came = done; })];
  await page.route((url) => url.pathname.startsWith('/api/'), async (route) => {
    if (fits(route.request())) {
      came();
      await wait;
    }
    await route.continue();
  });
  return { asked, answer };
}
