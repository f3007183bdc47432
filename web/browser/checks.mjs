// What was found out: each check is one line, `ok` or `FAILED` with its reason, and the last line adds them up for who started this.

import { mkdirSync, writeFileSync } from 'node:fs';

const results = { passed: 0, failed: 0 };
const figures = {};

/** Does `work`; what it throws is why the check failed. The others go on. */
export async function check(name, work) {
  try {
    await work();
    results.passed += 1;
    console.log(`ok     ${name}`);
  } catch (error) {
    results.failed += 1;
    console.log(`FAILED ${name}: ${error.stack ?? error}`);
  }
}

/** A measure to be read by people; what must hold of one is a check of its own. */
export function figure(name, value) {
  figures[name] = value;
  console.log(`figure ${name}: ${value}`);
}

/** Says how it ended, as a shell wants it: 0 when all is well. A run that checked nothing proved nothing. */
export function ended(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('figures.json', folder), `${JSON.stringify(figures, null, 2)}\n`);
  console.log(`checks ${results.passed} passed, ${results.failed} failed`);
  return results.failed === 0 && results.passed > 0 ? 0 : 1;
}
