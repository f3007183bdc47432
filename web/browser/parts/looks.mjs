// Every page in light and dark, on a phone and at a desk: a picture for a person to look at, axe, and no scrolling sideways.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { check } from '../checks.mjs';
import { SIZES, tab } from '../chromium.mjs';
import { PLAIN, pages } from '../pages.mjs';
import { settled } from '../world.mjs';

const pictures = new URL('../../../target/screenshots/web/', import.meta.url);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What is there for whoever is not signed in. */
const GATES = [['sign-in', '/admin'], ['set-up', '/admin/setup']];
const KINDS = [['phone', 'light'], ['phone', 'dark'], ['desktop', 'light'], ['desktop', 'dark'], ['wide', 'light']];

export async function looks(world) {
  mkdirSync(pictures, { recursive: true });
  const all = Object.entries(await pages(world));
  for (const [size, theme] of KINDS) {
    await looked(world.browser, world.origin, { size, theme, token: world.admin }, all);
  }
  await looked(world.browser, world.origin, { size: 'phone', theme: 'dark' }, GATES);
  await looked(world.browser, world.origin, { size: 'desktop', theme: 'light' }, GATES);
}

/** The same of a server that knows nothing yet: what stands where there is nothing. */
export async function emptyLooks(world, server) {
  const token = await server.token('admin');
  const all = Object.entries(PLAIN).map(([name, address]) => [`empty-${name}`, address]);
  for (const [size, theme] of [['phone', 'light'], ['desktop', 'dark']]) await looked(world.browser, server.url, { size, theme, token }, all);
}

async function looked(browser, origin, how, all) {
  const { page, complaints, close } = await tab(browser, { origin, ...how });
  for (const [name, address] of all) {
    const title = `${name}, ${how.size}, ${how.theme}`;
    await check(`looks: ${title}`, async () => {
      complaints.length = 0;
      await page.goto(origin + address);
      if (how.token) await settled(page);
      else await page.getByRole('button').first().waitFor();
      // A chart that was just begun is no picture of one.
      if (address.includes('live?')) await page.waitForFunction(() => /bps/.test(document.querySelector('.now')?.textContent ?? ''));
      await page.screenshot({ path: new URL(`${name}-${how.size}-${how.theme}.png`, pictures).pathname });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= SIZES[how.size].viewport.width, `the page is ${wide} pixels wide: it scrolls sideways`);
      assert.deepEqual(await faults(page), []);
      assert.deepEqual(complaints, []);
    });
  }
  await close();
}

/** What axe holds for serious or critical. The policy forbids what is written into the page, so axe comes in through the debugger. */
export async function faults(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((rules) => globalThis.axe.run({ runOnly: rules, resultTypes: ['violations'] }), RULES);
  const bad = found.violations.filter((one) => ['serious', 'critical'].includes(one.impact));
  return bad.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}
