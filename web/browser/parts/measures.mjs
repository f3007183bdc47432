// What can be measured: how soon something is seen, how many rows are drawn, how far things jump while figures flow.

import assert from 'node:assert/strict';

import { check, figure } from '../checks.mjs';
import { PLAIN } from '../pages.mjs';
import { router } from '../programs.mjs';
import { settled, until } from '../world.mjs';
import { TOWER } from './routers.mjs';

/** A slow phone, against the machine that measures. */
const SLOWDOWN = 4;
const ROWS = 5_000;
/** More rows than any window shows, with those drawn beyond it. */
const DRAWN = 100;
/** What is held for still: half of what web vitals call good. */
const STILL = 0.05;
/** How often a page is looked at anew at most. */
const LOOKS = 4;

export async function measures(world) {
  await firstPaint(world);
  await stillness(world);
  await manyRows(world);
}

/** Machines differ, so that it is told and not judged. */
async function firstPaint(world) {
  for (const [name, address] of [['overview', '/admin'], ['data usage', '/admin/network/data-usage']]) {
    await world.look(async (page, context) => {
      const debug = await context.newCDPSession(page);
      await debug.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
      await page.goto(world.origin + address);
      await settled(page);
      const [painted, whole] = await page.evaluate(() => [performance.getEntriesByName('first-contentful-paint')[0]?.startTime, performance.now()]);
      figure(`${name}: first contentful paint at ${SLOWDOWN}x slowdown, ms`, Math.round(painted));
      figure(`${name}: all figures there at ${SLOWDOWN}x slowdown, ms`, Math.round(whole));
    }, { size: 'phone' });
  }
}

async function stillness(world) {
  const flowing = { ...PLAIN, subscriber: `/admin/subscribers/${world.customer}`, live: `/admin/live?who=${world.customer}`, router: `/admin/routers/${TOWER}` };
  const named = ['overview', 'data-usage', 'live', 'subscriber', 'bandwidth', 'router', 'routers', 'subscribers'];
  for (const size of ['phone', 'desktop']) {
    await check(`nothing jumps while figures flow, ${size}`, () => world.look(async (_, context) => {
      const moved = await Promise.all(named.map((name) => jumps(world, context, flowing[name])));
      const told = named.map((name, at) => [name, moved[at].sum]);
      figure(`layout shift, ${size}`, told.map(([name, sum]) => `${name} ${sum.toFixed(3)}`).join(', '));
      assert.deepEqual(told.filter(([, sum]) => sum >= STILL), [], JSON.stringify(moved.filter(({ sum }) => sum >= STILL)));
    }, { size }));
  }
}

/** A page anew where a router came into trouble or out of it meanwhile: that is news, which may be put first. */
async function jumps(world, context, address) {
  for (let look = 1; ; look += 1) {
    const states = watched(world);
    const moved = await jumpsOnce(world, context, address);
    // A router that never comes to rest is no reason to measure for ever: then what was seen counts.
    if ((await states.seen()).size === 1 || look === LOOKS) return moved;
    figure('looked at anew, as a router changed its state', address);
  }
}

/** What all routers' states are, asked for again and again until somebody wants to know what was seen. */
function watched(world) {
  const seen = new Set();
  const look = async () => seen.add(JSON.stringify((await world.ask('/api/v1/routers')).items.map(({ name, state }) => [name, state])));
  let goes = true;
  const looking = (async () => {
    while (goes) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  })();
  return { seen: async () => { goes = false; await looking; await look(); return seen; } };
}

/** How far things jumped from the first paint on, until what flows was asked for twice more. */
async function jumpsOnce(world, context, address) {
  const page = await context.newPage();
  await page.addInitScript(() => {
    globalThis.shifts = [];
    new PerformanceObserver((list) => globalThis.shifts.push(...list.getEntries().filter((one) => !one.hadRecentInput).map((one) => ({
      value: one.value,
      of: one.sources.map(({ node }) => node && `${node.nodeName}.${node.className}`),
    })))).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(world.origin + address);
  await settled(page);
  const asked = new Map();
  page.on('response', (answer) => asked.set(new URL(answer.url()).pathname, (asked.get(new URL(answer.url()).pathname) ?? 0) + 1));
  await until(`${address} asks again`, () => [...asked.values()].some((times) => times >= 2));
  await settled(page);
  const shifts = await page.evaluate(() => globalThis.shifts);
  await page.close();
  return { address, sum: shifts.reduce((sum, one) => sum + one.value, 0), shifts };
}

async function manyRows(world) {
  const port = await router('crowd', '--sessions', String(ROWS + 1_000), '--guests', '0', '--seed', '5');
  await world.send('POST', '/api/v1/routers', { name: 'crowd', host: '127.0.0.1', port, username: 'meter', password: 'simulated', tls: 'off', interval_ms: 5_000 });
  await until(`${ROWS} are online`, () => world.ask('/api/v1/routers/crowd'), (one) => one.sessions_open >= ROWS);

  await check(`of ${ROWS} rows those within sight are drawn, wherever one scrolls`, () => world.look(async (page) => {
    await page.goto(`${world.origin}/admin/network/data-usage?router=crowd`);
    await settled(page);
    const table = page.getByRole('table');
    assert.ok(Number(await table.getAttribute('aria-rowcount')) > ROWS);
    const { places, slowest } = await page.evaluate(scrolled);
    for (const { drawn, seen } of places) assert.ok(seen && drawn < DRAWN, JSON.stringify(places));
    figure(`${ROWS} rows: the slowest frame while scrolling, ms`, Math.round(slowest));
    const before = Date.now();
    await page.getByPlaceholder('User, address, MAC…').fill('ana.');
    await page.waitForFunction((rows) => Number(document.querySelector('[role=table]')?.getAttribute('aria-rowcount')) < rows, ROWS);
    figure(`${ROWS} rows: searched, ms`, Date.now() - before);
  }));
  await world.ask('/api/v1/routers/crowd', { method: 'DELETE' });
}

/** Scrolls from the top to the end in steps; at each place, how many rows are drawn and whether one is in sight. */
async function scrolled() {
  const box = document.querySelector('[role=table] .window');
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  const places = [];
  let slowest = 0;
  for (let step = 0; step <= 60; step += 1) {
    const before = performance.now();
    box.scrollTop = ((box.scrollHeight - box.clientHeight) * step) / 60;
    await frame();
    await frame();
    slowest = Math.max(slowest, (performance.now() - before) / 2);
    const { left, top, width, height } = box.getBoundingClientRect();
    places.push({ drawn: box.querySelectorAll('[role=row]').length, seen: Boolean(document.elementFromPoint(left + width / 3, top + height / 2)?.closest('[role=row]')) });
  }
  return { places, slowest };
}
