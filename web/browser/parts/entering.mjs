// Who comes in, and what they are offered then.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { pages } from '../pages.mjs';
import { settled } from '../world.mjs';

/** What changes something, by the words of its button or link. */
const CHANGES = /^(Add a|Adopt|Disable|Disconnect|Edit|Generate|Import|Let somebody|New token|Read now|Remove|Renew|Revoke|Set limit|Test connection|Verify)/;

export async function entering(world) {
  await check('a wrong token is refused in words, the right one lets in', () =>
    // The refusal of the first one is what is looked for.
    world.look(async (page) => {
      await page.goto(`${world.origin}/admin`);
      await page.getByRole('button', { name: 'Use a token instead' }).click();
      await page.getByLabel('API token').fill('tkm_wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').getByText('This token is unknown').waitFor();
      await page.getByLabel('API token').fill(world.admin);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      assert.equal(await page.evaluate(() => localStorage.getItem('tikmeter-token')), null, 'it is kept in this tab alone');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Password').waitFor();
      assert.equal(await page.evaluate(() => sessionStorage.getItem('tikmeter-token')), null);
    }, { token: undefined, expected: /status of 401/ }));
}

export async function viewing(world) {
  await check('who may only look is offered nothing else, and is refused', async () => {
    const [admin, viewer] = [await offered(world, world.admin), await offered(world, world.viewer)];
    assert.ok(admin.length > 20, `an admin is offered ${admin}`);
    assert.deepEqual(viewer, []);
    const answer = await fetch(`${world.origin}/api/v1/plans`, { method: 'POST', headers: { Authorization: `Bearer ${world.viewer}`, 'content-type': 'application/json' }, body: '{"name":"gold"}' });
    assert.equal(answer.status, 403);
  });
}

/** The changes that all pages offer, each once for a page. */
async function offered(world, token) {
  const all = [];
  await world.look(async (page) => {
    for (const [name, address] of Object.entries(await pages(world))) {
      await page.goto(world.origin + address);
      await settled(page);
      // Until it is known who this is, nothing is offered to anybody.
      await page.locator('.foot span').filter({ hasText: /\w/ }).first().waitFor({ state: 'attached' });
      const words = await page.locator('button, a.button').allInnerTexts();
      all.push(...new Set(words.filter((one) => CHANGES.test(one)).map((one) => `${name}: ${one}`)));
    }
  }, { token, expected: /status of 403/ });
  return all;
}
