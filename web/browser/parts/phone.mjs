// What a phone is for: fingers in place of a mouse, and a screen on which no table fits.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { until } from '../world.mjs';

const PHONE = { size: 'phone' };
/** As large as a finger needs it, pixels. */
const TARGET = 44;

export async function phone(world) {
  const customer = `/admin/subscribers/${encodeURIComponent(world.customer)}`;

  await check('a finger reads a chart and chooses a span of it; so do buttons', () => world.look(async (page, context) => {
    await world.open(page, customer);
    const over = page.locator('.u-over').first();
    await over.evaluate((box) => box.scrollIntoView({ block: 'center' }));
    const box = await over.boundingBox();
    const row = page.locator('.u-legend').first();
    assert.doesNotMatch(await row.innerText(), /\d/);
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    assert.match(await row.innerText(), /Time\D+\d/);

    const whole = page.getByRole('button', { name: 'Whole span' });
    await swipe(page, context, [box.x + box.width * 0.3, box.y + 60], [box.x + box.width * 0.8, box.y + 64]);
    await whole.press('Enter');
    await whole.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Look closer' }).press('Enter');
    await whole.waitFor();
    await page.getByRole('button', { name: 'Look from further off' }).press('Enter');
    assert.equal(await page.getByRole('button', { name: 'Look from further off' }).isDisabled(), true, 'there is no more');
  }, PHONE));

  await check('a history is looked at further back and up to now again', () => world.look(async (page) => {
    await world.open(page, customer);
    await Promise.all([
      page.waitForRequest((request) => /usage\/history.*from=/.test(request.url())),
      page.getByRole('button', { name: 'Earlier' }).tap(),
    ]);
    await page.getByRole('button', { name: 'Later' }).tap();
    await page.waitForFunction(() => !location.search.includes('back'));
    assert.equal(await page.getByRole('button', { name: 'Later' }).isDisabled(), true);
  }, PHONE));

  await check('long lists scroll with the page, wherever a finger is', () => world.look(async (page, context) => {
    for (const address of ['/admin/network/data-usage', '/admin/bandwidth']) {
      await world.open(page, address);
      await page.getByRole('row').nth(3).waitFor();
      await page.evaluate(() => document.querySelector('.window').scrollIntoView());
      const before = await page.evaluate(() => scrollY);
      await swipe(page, context, [180, 600], [180, 150]);
      await until('the page has scrolled', () => page.evaluate(() => scrollY), (now) => now > before + 200);
      const seen = await page.evaluate(() => Boolean(document.elementFromPoint(150, innerHeight / 2)?.closest('[role=row]')));
      assert.ok(seen, `${address}: rows are where one looks`);
    }
  }, PHONE));

  await check('no column is out of sight where a row can be a card, and the chosen tab is in sight', () => world.look(async (page) => {
    for (const address of ['/admin/plans', '/admin/vouchers', '/admin/vouchers?tab=sales', '/admin/events', customer]) {
      await world.open(page, address);
      const wide = await page.locator('.cards').evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth).length);
      assert.equal(wide, 0, address);
    }
    await world.open(page, '/admin/plans');
    assert.ok((await page.locator('td[data-title="Speed"]').count()) > 0, 'values have titles');
    await world.open(page, '/admin/events?tab=log');
    const tab = await page.getByRole('button', { name: 'Server log' }).boundingBox();
    assert.ok(tab.x >= 0 && tab.x + tab.width <= 360, JSON.stringify(tab));
  }, PHONE));

  await check('what a finger presses is large enough', () => world.look(async (page) => {
    for (const address of ['/admin/network/data-usage', '/admin/bandwidth', '/admin/plans', '/admin/events', customer]) {
      await world.open(page, address);
      const small = await page.locator('main :is(button, .button, select, input[type=search])').evaluateAll((all, least) => all
        .map((one) => [one.textContent?.trim(), one.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < least - 0.5 || box.width < least - 0.5))
        .map(([text, box]) => `${text} ${box.width}x${box.height}`), TARGET);
      assert.deepEqual(small, [], address);
    }
  }, PHONE));
}

/** A finger from one place to another. */
async function swipe(page, context, [fromX, fromY], [toX, toY]) {
  const debug = await context.newCDPSession(page);
  const touch = (type, part) => debug.send('Input.dispatchTouchEvent', { type, touchPoints: part === undefined ? [] : [{ x: fromX + (toX - fromX) * part, y: fromY + (toY - fromY) * part }] });
  await touch('touchStart', 0);
  for (let step = 1; step <= 12; step += 1) await touch('touchMove', step / 12);
  await touch('touchEnd');
  await debug.detach();
}
