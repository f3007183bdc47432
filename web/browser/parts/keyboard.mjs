// Whoever has no mouse: Tab comes to everything that can be used, and is seen where it is.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { pages } from '../pages.mjs';

/** Beyond so many keys something holds the focus in a circle. */
const MOST = 900;

export async function keyboard(world) {
  for (const [name, address] of Object.entries(await pages(world))) {
    await check(`keyboard: ${name}`, () => world.look(async (page) => {
      await world.open(page, address);
      const expected = await page.evaluate(expect);
      assert.ok(expected > 0);
      let unseen = [];
      for (let key = 0; key < MOST; key += 1) {
        await page.keyboard.press('Tab');
        unseen = await page.evaluate(arrive);
        if (!unseen.length) break;
      }
      assert.deepEqual(unseen.slice(0, 5), [], `Tab never came to ${unseen.length} of ${expected}`);
      assert.deepEqual(await page.evaluate(() => globalThis.blind), [], 'it is not seen that these have the focus');
    }, { expected: /status of 404/ }));
  }

  await check('keyboard: the first Tab leads past the menu', () => world.look(async (page) => {
    await world.open(page, '/admin/plans');
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'To the content' }).press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'content');
  }));

  await check('keyboard: a dialog keeps the focus and gives it back', () => world.look(async (page) => {
    await world.open(page, '/admin/plans');
    const button = page.getByRole('button', { name: 'Add a plan' }).first();
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let key = 0; key < 30; key += 1) {
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement?.closest('dialog'))), true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await button.evaluate((one) => one === document.activeElement), true);
  }));
}

/** Notes everything on the page that can be used now; gives how much that is. */
function expect() {
  const within = document.querySelector('dialog:modal') ?? document;
  const all = within.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]');
  const usable = [...all].filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }));
  globalThis.waited = new Set(usable);
  globalThis.blind = [];
  return usable.length;
}

/** Notes where the focus is; gives what it was not at yet, as far as that is still on the page. */
function arrive() {
  const here = document.activeElement;
  globalThis.waited.delete(here);
  // Of a date the browser marks the part that is typed, not the whole.
  const marksItself = here?.matches('body, iframe, [type=date]');
  if (here && !marksItself && getComputedStyle(here).outlineStyle === 'none') globalThis.blind.push(here.outerHTML.slice(0, 120));
  return [...globalThis.waited].filter((one) => one.isConnected && !one.disabled).map((one) => one.outerHTML.slice(0, 120));
}
