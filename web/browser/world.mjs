// What all parts of the suite look at: the demo, who may see it, the browser.

import assert from 'node:assert/strict';

import { launch, tab } from './chromium.mjs';
import { demo } from './programs.mjs';

export class World {
  static async begin() {
    const world = new World();
    [world.demo, world.browser] = await Promise.all([demo(), launch()]);
    [world.admin, world.viewer] = [await world.demo.token('admin'), await world.demo.token('viewer')];
    return world;
  }

  get origin() {
    return this.demo.url;
  }

  /** Asks the API as any other client would. */
  async ask(path, init = {}) {
    const headers = { Authorization: `Bearer ${this.admin}`, ...(init.body ? { 'content-type': 'application/json' } : {}) };
    const answer = await fetch(this.origin + path, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  send(method, path, body) {
    return this.ask(path, { method, body: JSON.stringify(body) });
  }

  /** Works on a tab of its own, which must have had nothing to complain of. */
  async look(work, how = {}) {
    const { page, context, complaints, close } = await tab(this.browser, { origin: this.origin, token: this.admin, ...how });
    try {
      await work(page, context);
      assert.deepEqual([...new Set(complaints)], []);
    } finally {
      await close();
    }
  }

  /** Opens a page of the admin and waits until everything that it asks for is there. */
  async open(page, address) {
    await page.goto(this.origin + address);
    await settled(page);
  }
}

/** Waits until room that is kept for answers is gone, and fonts and frames are drawn. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector('main h1, main h2, main .failure, main .empty') && !document.querySelector('.waiting'));
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** Asks again and again until the answer pleases; gives it. What never pleases is stuck, and told as that. */
export async function until(what, ask, pleases = Boolean) {
  const begun = Date.now();
  for (;;) {
    const answer = await ask();
    if (pleases(answer)) return answer;
    if (Date.now() - begun > 180_000) throw new Error(`never came about: ${what}; the last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
