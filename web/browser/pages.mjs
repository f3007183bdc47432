// The pages that a person can be on, and a browser to look at them with.

import { chromium } from 'playwright-core';

/** What keeps a browser that is only ours from asking for anything of its maker's. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const browser = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: QUIET });

export const server = process.env.TIKMETER_URL ?? 'http://127.0.0.1:8081';
export const token = process.env.TIKMETER_TOKEN ?? '';

/** Names and addresses of all pages; those of one subscriber and router are asked of the server. */
export async function pages() {
  const ask = async (path) => (await fetch(server + path, { headers: { Authorization: `Bearer ${token}` } })).json();
  const routers = (await ask('/api/v1/routers')).items;
  const subscribers = (await ask('/api/v1/subscribers?limit=100')).items;
  const one = encodeURIComponent((subscribers.find((each) => each.sessions_open) ?? subscribers[0]).username);
  return {
    overview: '/admin',
    'data-usage': '/admin/network/data-usage',
    live: `/admin/live?who=${one}`,
    subscribers: '/admin/subscribers',
    subscriber: `/admin/subscribers/${one}`,
    statement: `/admin/statements/${one}`,
    'unknown-logins': '/admin/unknown-logins',
    bandwidth: '/admin/bandwidth',
    vouchers: '/admin/vouchers',
    'voucher-codes': '/admin/vouchers?tab=codes',
    sales: '/admin/vouchers?tab=sales',
    plans: '/admin/plans',
    routers: '/admin/routers',
    'router-add': '/admin/routers?add=1',
    router: `/admin/routers/${encodeURIComponent(routers[0].name)}`,
    events: '/admin/events',
    log: '/admin/events?tab=log',
    settings: '/admin/settings',
  };
}

/** A tab that is signed in, with what the page complained of and whom else it asked. */
export async function tab(from, { width, height, theme, language = 'en' }) {
  const context = await from.newContext({ viewport: { width, height }, locale: language, timezoneId: 'Asia/Jakarta' });
  await context.addInitScript(([secret, chosen]) => {
    sessionStorage.setItem('tikmeter-token', secret);
    localStorage.setItem('tikmeter-settings', JSON.stringify(chosen));
  }, [token, { theme, language, zone: '' }]);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (!['blob:', 'data:', 'about:'].includes(protocol) && host !== new URL(server).host) complaints.push(`asked elsewhere: ${request.url()}`);
  });
  return { page, complaints, close: () => context.close() };
}
