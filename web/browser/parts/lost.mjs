// The server goes away and comes back: a quiet banner, figures that are grey and have their age, and all goes on by itself.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { until } from '../world.mjs';
import { read } from './figures-of.mjs';
import { octets } from './subscribers.mjs';

const grey = (page) => page.locator('main').evaluate((main) => getComputedStyle(main).filter);

export async function lost(world) {
  await check('while the server is away a banner says since when, figures are grey with their age, and go on when it is back', () => world.look(async (page, context) => {
    const live = await context.newPage();
    await world.open(page, `/admin/subscribers/${world.customer}`);
    await world.open(live, `/admin/live?who=${world.customer}`);
    await live.locator('.now').getByText(/bps/).first().waitFor();
    const figure = page.locator('section', { hasText: 'Current cycle' }).locator('.big');
    const before = await figure.innerText();

    await world.demo.stop();
    for (const one of [page, live]) {
      const banner = one.getByRole('status').filter({ hasText: 'No connection to the server' });
      await banner.waitFor();
      assert.match(await banner.innerText(), /since \d\d:\d\d:\d\d/);
      await until('figures are grey', () => grey(one), (filter) => filter.includes('grayscale(1)'));
    }
    assert.notEqual(await figure.innerText(), '–', 'what was known is still there');
    await page.locator('dd time').filter({ hasText: /\d+s ago/ }).first().waitFor();
    assert.ok(read(await figure.innerText()).most >= read(before).least);

    await world.demo.start();
    for (const one of [page, live]) {
      await one.getByText('No connection to the server').waitFor({ state: 'detached' });
      await until('figures have their colour', () => grey(one), (filter) => filter === 'none');
    }
    // A figure of gigabytes takes long to show that it grows, so its instant has to go on, and it to be what the API says.
    const back = Date.now();
    const asOf = page.locator('dl.facts dt', { hasText: 'As of' }).locator('+ dd time');
    await until('the figure is of an instant after the return', () => asOf.getAttribute('datetime'), (instant) => Date.parse(instant) > back);
    const shown = read(await figure.innerText());
    assert.ok(shown.least <= await octets(world, world.customer), `${JSON.stringify(shown)} is more than there is`);
    assert.ok(shown.most >= read(before).least, `${JSON.stringify(shown)} is less than ${before}`);
    await live.locator('section').getByText('live', { exact: true }).waitFor();
    const rate = await live.locator('.now .down').innerText();
    await live.waitForFunction((text) => document.querySelector('.now .down')?.textContent !== text, rate);
  }, { expected: /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|status of 503/ }));
}
