// A browser of our own, and tabs in it that are signed in and note what they have to complain of.

import { chromium } from 'playwright-core';

/** What keeps a browser that is only ours from asking for anything of its maker's. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** How long something may take before the run is taken for stuck: no measure of how fast it has to be. */
const STUCK_MS = Number(process.env.STUCK_MS ?? 120_000);

export const SIZES = {
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
  wide: { viewport: { width: 2560, height: 1300 } },
};

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: QUIET });

/** Signs a tab in before any of its pages is loaded. All of signing in is here, and in the check of the page that asks. */
async function signIn(context, token) {
  await context.addInitScript((secret) => sessionStorage.setItem('tikmeter-token', secret), token);
}

/**
 * A tab with settings of its own. `complaints` fills with errors of the console and the page and with requests to any host
 * but `origin`'s; what fits `expected` is none.
 */
export async function tab(browser, { origin, token, size = 'desktop', theme = 'light', language = 'en', expected = /^$/ }) {
  const context = await browser.newContext({ ...SIZES[size], locale: language, timezoneId: 'Asia/Jakarta', colorScheme: theme });
  context.setDefaultTimeout(STUCK_MS);
  if (token) await signIn(context, token);
  await context.addInitScript((chosen) => localStorage.setItem('tikmeter-settings', chosen), JSON.stringify({ theme, language, zone: '' }));
  const page = await context.newPage();
  const complaints = [];
  const complain = (words) => expected.test(words) || complaints.push(`${page.url()}: ${words}`);
  const asked = (address) => {
    const { protocol, host } = new URL(address);
    if (!['blob:', 'data:', 'about:'].includes(protocol) && host !== new URL(origin).host) complain(`asked elsewhere: ${address}`);
  };
  page.on('console', (message) => message.type() === 'error' && complain(message.text()));
  page.on('pageerror', (error) => complain(error.message));
  page.on('request', (request) => asked(request.url()));
  page.on('websocket', (socket) => asked(socket.url()));
  return { page, context, complaints, close: () => context.close() };
}
