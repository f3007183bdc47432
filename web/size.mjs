// After a build: how much a phone loads. All scripts together stay below the limit, compressed as they are sent.

import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 150;
const folder = new URL('./dist/assets/', import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
const sizes = scripts.map((name) => gzipSync(readFileSync(new URL(name, folder))).length);
const all = sizes.reduce((sum, size) => sum + size, 0) / 1000;

console.log(`${scripts.length} scripts, ${all.toFixed(1)} kB compressed; ${LIMIT_KB} kB is the most`);
// A build without scripts proves nothing.
process.exit(scripts.length > 0 && all <= LIMIT_KB ? 0 : 1);
