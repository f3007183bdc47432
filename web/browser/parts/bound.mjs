// Somebody who is bound to a group of routers: every page of the menu answers, names no other router, and offers nothing that is refused.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { PLAIN } from '../pages.mjs';
import { settled } from '../world.mjs';

/** What is about all routers, by the words of its button or link. */
const WHOLE = /^(Add a plan|Add a router|Edit|Import|Let somebody|New token|Server log|Verify)/;
/** Pages of their own for what is about all, which no link leads to then. */
const NOT_LED_TO = ['log', 'router-add', 'not-found'];

export async function bound(world) {
  const routers = (await world.ask('/api/v1/routers')).items.map((one) => one.name);
  // Called as a field of routers is, so that as another's name it would be found in particulars of acts.
  const own = 'port';
  const others = routers.filter((one) => one !== own);
  assert.ok(routers.includes(own) && others.length > 0, `${routers}`);
  await world.send('PATCH', `/api/v1/routers/${encodeURIComponent(own)}`, { group: 'own town' });
  const { token } = await world.send('POST', '/api/v1/tokens', { name: 'bound', role: 'operator', groups: ['own town'] });
  await check('who is bound to a group finds no page that refuses, no other router, and no act that is about all', () =>
    // A refusal would be an error in the console.
    world.look(async (page) => {
      const addresses = Object.entries(PLAIN).filter(([name]) => !NOT_LED_TO.includes(name));
      for (const [name, address] of [...addresses, ['router', `/admin/routers/${encodeURIComponent(own)}`]]) {
        await page.goto(world.origin + address);
        await settled(page);
        await page.locator('.foot span').filter({ hasText: /\w/ }).first().waitFor({ state: 'attached' });
        const text = await page.locator('main').innerText();
        for (const other of others) {
          const line = text.split('\n').find((line) => new RegExp(`\\b${other}\\b`).test(line));
          assert.equal(line, undefined, `${name} names ${other}: ${line}`);
        }
        const offered = await page.locator('main button, main a.button').allInnerTexts();
        assert.deepEqual(offered.filter((one) => WHOLE.test(one)), [], name);
      }
      await page.goto(`${world.origin}/admin/subscribers`);
      await page.getByRole('button', { name: 'Add a subscriber' }).first().click();
      const places = page.getByRole('dialog').getByLabel('Router');
      await places.getByRole('option', { name: own }).waitFor({ state: 'attached' });
      assert.deepEqual(await places.getByRole('option').allInnerTexts(), [own], 'one of all routers would be refused');
    }, { token }));
  await check('who is bound to a group is told by the server what it refuses', async () => {
    const ask = async (path) => (await fetch(world.origin + path, { headers: { Authorization: `Bearer ${token}` } })).status;
    assert.deepEqual(await Promise.all(['/api/v1/logs', '/api/v1/audit', `/api/v1/routers/${encodeURIComponent(others[0])}`].map(ask)), [403, 200, 404]);
  });
}
