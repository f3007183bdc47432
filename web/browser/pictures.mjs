// The pictures of the README, to be taken anew when pages changed: `npm run pictures`. They are of the demo.

import { mkdirSync } from 'node:fs';

import { settled, until, World } from './world.mjs';
import { stopAll } from './programs.mjs';

const folder = new URL('../../docs/images/', import.meta.url);
const picture = (name) => new URL(`${name}.png`, folder).pathname;
/** So much of a chart is drawn that it is one. */
const SECONDS = 150;

mkdirSync(folder, { recursive: true });
const world = await World.begin();
const top = await until('two subscribers move much', () => world.ask('/api/v1/live/top?limit=1000'), (answer) => answer.items.filter((one) => one.subscriber && one.download_bps > 500_000).length >= 2);
const [one, other] = top.items.filter((item) => item.subscriber).map((item) => encodeURIComponent(item.subscriber));

await world.look(async (page) => {
  await page.goto(`${world.origin}/admin/live?who=${one},${other}`);
  await page.locator('.now').nth(1).getByText(/bps/).first().waitFor();
  await page.waitForTimeout(SECONDS * 1_000);
  await page.screenshot({ path: picture('live') });
}, { theme: 'dark' });

await world.look(async (page) => {
  await world.open(page, '/admin');
  await page.screenshot({ path: picture('overview') });
});

await world.look(async (page) => {
  await world.open(page, `/admin/subscribers/${one}`);
  await page.getByText('Why is it so much?').click();
  await page.locator('details li').first().waitFor();
  await settled(page);
  await page.screenshot({ path: picture('subscriber') });
});

await world.browser.close();
await stopAll();
process.exit(0);
