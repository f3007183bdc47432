import type { Component } from 'svelte';

import { shell } from './i18n/shell';

export interface Route {
  pattern: string;
  title: () => string;
  /** The page, loaded when it is first looked at. */
  load: () => Promise<{ default: Component<any> }>;
}

/** A page that has a place in the menu, in the menu's order. */
export interface Entry {
  address: string;
  title: () => string;
  icon: string;
  /** What stands above it and those after it. */
  group?: () => string;
}

export const MENU: Entry[] = [
  { address: '/admin', title: () => shell.overview, icon: 'home' },
  { address: '/admin/network/data-usage', title: () => shell.dataUsage, icon: 'usage', group: () => shell.network },
  { address: '/admin/live', title: () => shell.live, icon: 'live' },
  { address: '/admin/subscribers', title: () => shell.subscribers, icon: 'people' },
  { address: '/admin/bandwidth', title: () => shell.bandwidth, icon: 'gauge' },
  { address: '/admin/vouchers', title: () => shell.vouchers, icon: 'ticket' },
  { address: '/admin/plans', title: () => shell.plans, icon: 'plan' },
  { address: '/admin/routers', title: () => shell.routers, icon: 'router' },
  { address: '/admin/events', title: () => shell.events, icon: 'events' },
  { address: '/admin/settings', title: () => shell.settings, icon: 'settings' },
];

export const ROUTES: Route[] = [
  { pattern: '/admin', title: () => shell.overview, load: () => import('./pages/overview/Overview.svelte') },
  { pattern: '/admin/network/data-usage', title: () => shell.dataUsage, load: () => import('./pages/usage/DataUsage.svelte') },
  { pattern: '/admin/live', title: () => shell.live, load: () => import('./pages/live/Live.svelte') },
  { pattern: '/admin/subscribers', title: () => shell.subscribers, load: () => import('./pages/subscribers/Subscribers.svelte') },
  { pattern: '/admin/subscribers/:name', title: () => shell.subscribers, load: () => import('./pages/subscribers/Subscriber.svelte') },
  { pattern: '/admin/statements/:name', title: () => shell.subscribers, load: () => import('./pages/subscribers/Statement.svelte') },
  { pattern: '/admin/unknown-logins', title: () => shell.subscribers, load: () => import('./pages/subscribers/UnknownLogins.svelte') },
  { pattern: '/admin/bandwidth', title: () => shell.bandwidth, load: () => import('./pages/bandwidth/Bandwidth.svelte') },
  { pattern: '/admin/vouchers', title: () => shell.vouchers, load: () => import('./pages/vouchers/Vouchers.svelte') },
  { pattern: '/admin/voucher-sheets/:batch', title: () => shell.vouchers, load: () => import('./pages/vouchers/Sheet.svelte') },
  { pattern: '/admin/plans', title: () => shell.plans, load: () => import('./pages/plans/Plans.svelte') },
  { pattern: '/admin/routers', title: () => shell.routers, load: () => import('./pages/routers/Routers.svelte') },
  { pattern: '/admin/settings/routers', title: () => shell.routers, load: () => import('./pages/routers/Routers.svelte') },
  { pattern: '/admin/routers/:name', title: () => shell.routers, load: () => import('./pages/routers/Router.svelte') },
  { pattern: '/admin/events', title: () => shell.events, load: () => import('./pages/events/Events.svelte') },
  { pattern: '/admin/settings', title: () => shell.settings, load: () => import('./pages/settings/Settings.svelte') },
];
