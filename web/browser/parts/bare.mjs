// A server that knows nothing yet: every page says what to do next, and nothing is made up.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { PLAIN } from '../pages.mjs';
import { empty } from '../programs.mjs';
import { tab } from '../chromium.mjs';
import { settled } from '../world.mjs';
import { emptyLooks } from './looks.mjs';

/** Pages that say what there is none of. Those of settings and what is not there are the same everywhere. */
const SAY_SO = ['overview', 'data-usage', 'live', 'subscribers', 'unknown-logins', 'bandwidth', 'vouchers', 'voucher-codes', 'sales', 'plans', 'routers', 'commands', 'held'];

export async function bare(world) {
  const server = await empty();
  const token = await server.token('admin');
  const { page, close } = await tab(world.browser, { origin: server.url, token });
  for (const name of SAY_SO) {
    await check(`empty: ${name} says what to do next`, async () => {
      await page.goto(server.url + PLAIN[name]);
      await settled(page);
      const said = page.locator('main .empty').first();
      assert.match(await said.innerText(), /\w+ \w+[\s\S]*\w+ \w+/);
      // Nobody knows these figures yet.
      if (name === 'overview') assert.deepEqual(await page.locator('.tiles .pair').allInnerTexts(), ['↓ –\n↑ –', '↓ –\n↑ –']);
    });
  }
  await close();
  await emptyLooks(world, server);
  await server.stop();
}
