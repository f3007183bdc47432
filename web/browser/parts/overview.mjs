// What the first page says is what the API says.

import { check } from '../checks.mjs';
import { until } from '../world.mjs';

export async function overview(world) {
  await check('the overview counts who is online as the API does', () => world.look(async (page) => {
    await world.open(page, '/admin');
    // The demo's people come and go: one moment at which both agree is what is waited for.
    await until('both agree', async () => {
      const online = (await world.ask('/api/v1/routers')).items.reduce((sum, one) => sum + (one.sessions_open ?? 0), 0);
      return online > 0 && online === Number(await page.locator('.tiles .big').first().innerText());
    });
  }));

  await check('routers with trouble stand first, with the reason', async () => {
    const body = { name: 'gone', host: '127.0.0.1', port: 1, username: 'x', password: 'y', tls: 'off' };
    await world.send('POST', '/api/v1/routers', body);
    await world.look(async (page) => {
      await world.open(page, '/admin');
      const first = page.locator('section', { hasText: 'Routers' }).locator('li').first();
      await first.getByRole('link', { name: 'gone' }).waitFor();
      await first.locator('p').getByText(/\w+ \w+ \w+/).waitFor();
    });
    await world.ask('/api/v1/routers/gone', { method: 'DELETE' });
  });
}
