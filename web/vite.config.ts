import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds the server: `tikmeter demo` or `serve`.
const server = process.env.TIKMETER_URL ?? 'http://127.0.0.1:8081';
// The server refuses what another site's page asks for, so the page must seem to come from it.
const proxy = { target: server, changeOrigin: true, ws: true, headers: { origin: server } };

/** Below this a file is as well sent as it is. */
const WORTH_PACKING = 1_000;

/** Puts what is compressed beside each file: the server packs nothing itself. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        const path = join(dir, name);
        if (statSync(path).isFile() && /\.(js|css|html|svg|md)$/.test(name) && statSync(path).size >= WORTH_PACKING) {
          writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
        }
      }
    },
  };
}

const PAGES = /src\/pages\/(\w+)\//;

/** The folder of pages that a module is of. */
function pagesFolder(module: string): string | null {
  return PAGES.exec(module)?.[1] ?? null;
}

export default defineConfig({
  plugins: [svelte(), packed()],
  base: '/admin/',
  build: {
    target: 'es2022',
    // The policy of the page allows files of this server alone: nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What nearly every page is made of comes as one script, and so does what stands in one folder of pages: a script for each small
    // part is hardly compressed.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'charts', test: /src\/charts\/|uplot/ }, { name: 'parts', test: /src\/(parts|format)\// }, { name: pagesFolder, test: PAGES }] } } },
    license: { fileName: 'LICENSES.md' },
  },
  server: { proxy: { '/api': proxy, '/admin/api': proxy, '/healthz': proxy, '/ws': proxy } },
  test: { include: ['src/**/*.test.ts'] },
});
