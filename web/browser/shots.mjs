// Pictures of every page, light and dark, phone and desktop, into target/screenshots; axe's complaints beside them.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { browser, pages, server, tab } from './pages.mjs';

const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 }, wide: { width: 2560, height: 1300 } };
const folder = new URL('../../target/screenshots/', import.meta.url);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wanted = process.argv.slice(2);

mkdirSync(folder, { recursive: true });
const chromium = await browser();
const all = Object.entries(await pages()).filter(([name]) => !wanted.length || wanted.some((word) => name === word));
const kinds = [['phone', 'light'], ['phone', 'dark'], ['desktop', 'light'], ['desktop', 'dark'], ...(wanted.length ? [] : [['wide', 'light']])];
let bad = 0;
for (const [size, theme] of kinds) {
  const { page, complaints, close } = await tab(chromium, { ...SIZES[size], theme });
  for (const [name, address] of all) {
    await page.goto(server + address);
    // Room that was kept for an answer is gone once it is there.
    await page.waitForFunction(() => document.querySelector('main') && !document.querySelector('.waiting'), undefined, { timeout: 60_000 });
    await page.waitForTimeout(name === 'live' ? 6_000 : 400);
    await page.screenshot({ path: new URL(`${name}-${size}-${theme}.png`, folder).pathname });
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (sideways) complaints.push(`${name} ${size}: the page scrolls sideways`);
    // The policy forbids what is written into the page, so axe comes in through the debugger.
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
    for (const violation of found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))) {
      complaints.push(`${name} ${size} ${theme}: ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(' | ')}`);
    }
  }
  for (const complaint of new Set(complaints)) console.log(complaint);
  bad += complaints.length;
  await close();
}
await chromium.close();
process.exit(bad ? 1 : 0);
