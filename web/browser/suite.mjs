// The web admin in a real browser, before `tikmeter demo`: each part does what a person would, or looks as one would. Words are
// names of parts, which run alone then; later ones need what earlier ones made.

import { check, ended } from './checks.mjs';
import { accounts } from './parts/accounts.mjs';
import { bare } from './parts/bare.mjs';
import { bound } from './parts/bound.mjs';
import { dialogs } from './parts/dialogs.mjs';
import { entering, viewing } from './parts/entering.mjs';
import { faults } from './parts/faults.mjs';
import { keeping } from './parts/keeping.mjs';
import { keyboard } from './parts/keyboard.mjs';
import { language } from './parts/language.mjs';
import { limits } from './parts/limits.mjs';
import { looks } from './parts/looks.mjs';
import { lost } from './parts/lost.mjs';
import { measures } from './parts/measures.mjs';
import { overview } from './parts/overview.mjs';
import { phone } from './parts/phone.mjs';
import { places } from './parts/places.mjs';
import { portal } from './parts/portal.mjs';
import { routers } from './parts/routers.mjs';
import { subscribers } from './parts/subscribers.mjs';
import { vouchers } from './parts/vouchers.mjs';
import { folder, stopAll } from './programs.mjs';
import { World } from './world.mjs';

/** One after the other, as later ones need what earlier ones made; those of a line at the same time, as each mostly waits. */
const PARTS = [
  { entering, overview },
  { routers },
  { subscribers, vouchers },
  { portal },
  { dialogs },
  { limits, looks, keyboard, language, viewing, places, faults, phone },
  { measures },
  { lost },
  { bare, accounts, bound, keeping },
];
/** What the later ones look at. */
const FIRST = ['routers', 'subscribers', 'vouchers'];
const wanted = process.argv.slice(2);

async function done(world, name, part) {
  const begun = Date.now();
  // What a part needs and does not get is a failure as well; the others are tried all the same.
  await part(world).catch((error) => check(`part ${name}`, () => { throw error; }));
  console.log(`part   ${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

const world = await World.begin();
for (const line of PARTS) {
  const chosen = Object.entries(line).filter(([name]) => !wanted.length || wanted.includes(name) || FIRST.includes(name));
  await Promise.all(chosen.map(([name, part]) => done(world, name, part)));
}
await world.browser.close();
await stopAll();
process.exit(ended(folder));
