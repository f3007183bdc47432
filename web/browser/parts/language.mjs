// In Indonesian no page has a text of the English catalogue, unless both languages say it alike.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { createServer } from 'vite';

import { check } from '../checks.mjs';
import { pages } from '../pages.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Stands for what a text is given: a name, a number. */
const GIVEN = '\u0001';
/** Shorter pieces around what is given could be of any language. */
const TELLING = 6;

export async function language(world) {
  const { english, pieces } = await catalogue();
  for (const [name, address] of Object.entries(await pages(world))) {
    await check(`Indonesian: ${name}`, () => world.look(async (page) => {
      await world.open(page, address);
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'id');
      const shown = await page.evaluate(texts);
      assert.ok(shown.length > 10);
      const left = shown.filter((text) => english.has(text) || pieces.some((piece) => text.includes(piece)));
      assert.deepEqual([...new Set(left)], []);
    }, { language: 'id', expected: /status of 404/ }));
  }
}

/** Texts of the English catalogue that the Indonesian one has nowhere: whole ones, and pieces of those that are given something. */
async function catalogue() {
  const vite = await createServer({ root, logLevel: 'error', server: { middlewareMode: true, watch: null }, optimizeDeps: { noDiscovery: true } });
  try {
    for (const file of readdirSync(`${root}src/i18n`)) if (!file.includes('.test.')) await vite.ssrLoadModule(`/src/i18n/${file}`);
    const { areas } = await vite.ssrLoadModule('/src/i18n/area.ts');
    const of = (tongue) => areas.flatMap((area) => Object.values(area[tongue]).map((text) => (typeof text === 'string' ? text : text(...Array(text.length).fill(GIVEN)))));
    const [english, indonesian] = [of('en'), of('id')];
    assert.ok(english.length > 400, `the catalogue has ${english.length} texts`);
    const [whole, all] = [new Set(indonesian), indonesian.join('\n')];
    const pieces = english.filter((text) => text.includes(GIVEN)).flatMap((text) => text.split(GIVEN)).map((piece) => piece.trim());
    return {
      english: new Set(english.filter((text) => !text.includes(GIVEN) && !whole.has(text))),
      pieces: pieces.filter((piece) => piece.length >= TELLING && piece.includes(' ') && !all.includes(piece)),
    };
  } finally {
    await vite.close();
  }
}

/** Everything that is read to somebody: text, and what stands in for it. */
function texts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [document.title.split(' · ')[0]];
  while (walker.nextNode()) found.push(walker.currentNode.textContent);
  for (const one of document.querySelectorAll('[aria-label], [placeholder], [title]')) found.push(...['aria-label', 'placeholder', 'title'].map((name) => one.getAttribute(name) ?? ''));
  return found.map((text) => text.trim()).filter(Boolean);
}
