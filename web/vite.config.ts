import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds the server: `tikmeter demo` or `serve`.
const server = process.env.TIKMETER_URL ?? 'http://127.0.0.1:8081';
// The server refuses what another site's page asks for, so the page must seem to come from it.
const proxy = { target: server, changeOrigin: true, ws: true, headers: { origin: server } };

export default defineConfig({
  plugins: [svelte()],
  base: '/admin/',
  build: {
    target: 'es2022',
    // The policy of the page allows files of this server alone: nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'LICENSES.md' },
  },
  server: { proxy: { '/api': proxy, '/admin/api': proxy, '/healthz': proxy, '/ws': proxy } },
  test: { include: ['src/**/*.test.ts'] },
});
