// A voucher of the web admin is entered at the portal, on a phone: the browser of this machine is a device that the demo's hotspot sees.

import assert from 'node:assert/strict';

import { check } from '../checks.mjs';
import { SIZES, tab } from '../chromium.mjs';
import { faults } from './looks.mjs';

export async function portal(world) {
  const code = world.codes[1];
  await check('a voucher is entered at the portal on a phone; the admin shows it running; the session is ended', async () => {
    const origin = new URL(world.demo.told.portal).origin;
    const { page, complaints, close } = await tab(world.browser, { origin, size: 'phone', expected: /status of 400/ });
    const fits = async () => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= SIZES.phone.viewport.width);
      assert.deepEqual(await faults(page), []);
    };
    await page.goto(world.demo.told.portal);
    await fits();
    await page.getByLabel('Code of your voucher').fill('WRONG-CODE');
    await page.getByRole('button', { name: 'Go online' }).click();
    await page.getByText('Invalid voucher code').waitFor();
    await page.getByLabel('Code of your voucher').fill(code.toLowerCase());
    await page.getByRole('button', { name: 'Go online' }).click();
    await page.getByText('You are online').first().waitFor();
    await fits();
    await page.screenshot({ path: new URL('../../../target/screenshots/web/portal-phone-light.png', import.meta.url).pathname });

    await world.look(async (admin) => {
      await world.open(admin, `/admin/vouchers?tab=codes&code=${code}`);
      const dialog = admin.getByRole('dialog');
      await dialog.getByText('running').waitFor();
      await dialog.getByText('2C:54:91:7F:00:01').waitFor();
      await world.open(admin, '/admin/bandwidth?q=2C:54:91:7F:00:01');
      await admin.getByRole('table', { name: 'Active users' }).getByRole('row').filter({ hasText: '2C:54:91:7F:00:01' }).getByText('↓ 2 Mbps ↑ 1 Mbps').waitFor();
    });

    await page.getByRole('button', { name: 'End session' }).click();
    await page.getByText('Session ended').waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
