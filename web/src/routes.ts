import type { Component } from 'svelte';

import { findingsText } from './i18n/findings';
import { shell } from './i18n/shell';
import { filter, lastPart } from './place.svelte';
import { may, type Ability } from './session.svelte';

export interface Route {
  pattern: string;
  title: () => string;
  /** What its figures ask for; a page without this is everybody's. */
  needs?: Ability;
  /** The page, loaded when it is first looked at. */
  load: () => Promise<{ default: Component<any> }>;
}

/** A page that has a place in the menu, in the menu's order. */
export interface Entry {
  address: string;
  title: () => string;
  icon: string;
  needs?: Ability;
  /** What stands above it and those after it. */
  group?: () => string;
}

const MENU: Entry[] = [
  { address: '/admin', needs: 'look', title: () => shell.overview, icon: 'home' },
  { address: '/admin/network/data-usage', needs: 'look', title: () => shell.dataUsage, icon: 'usage', group: () => shell.network },
  { address: '/admin/live', needs: 'look', title: () => shell.live, icon: 'live' },
  { address: '/admin/subscribers', needs: 'look', title: () => shell.subscribers, icon: 'people' },
  { address: '/admin/bandwidth', needs: 'look', title: () => shell.bandwidth, icon: 'gauge' },
  { address: '/admin/vouchers', needs: 'look_vouchers', title: () => shell.vouchers, icon: 'ticket' },
  { address: '/admin/plans', needs: 'look_vouchers', title: () => shell.plans, icon: 'plan' },
  { address: '/admin/routers', needs: 'look', title: () => shell.routers, icon: 'router' },
  { address: '/admin/events', needs: 'look', title: () => shell.events, icon: 'events' },
  { address: '/admin/settings', title: () => shell.settings, icon: 'settings' },
];

/** The title of a page of one thing: its name first, for a tab shows little more. */
const ofOne = (name: string, what: string) => (name ? `${name} · ${what}` : what);
const named = (what: string) => ofOne(lastPart(), what);

export const ROUTES: Route[] = [
  { pattern: '/admin', needs: 'look', title: () => shell.overview, load: () => import('./pages/overview/Overview.svelte') },
  { pattern: '/admin/network/data-usage', needs: 'look', title: () => shell.dataUsage, load: () => import('./pages/usage/DataUsage.svelte') },
  { pattern: '/admin/live', needs: 'look', title: () => shell.live, load: () => import('./pages/live/Live.svelte') },
  { pattern: '/admin/subscribers', needs: 'look', title: () => shell.subscribers, load: () => import('./pages/subscribers/Subscribers.svelte') },
  { pattern: '/admin/subscribers/:name', needs: 'look', title: () => named(shell.subscribers), load: () => import('./pages/subscribers/Subscriber.svelte') },
  { pattern: '/admin/statements/:name', needs: 'look', title: () => named(shell.subscribers), load: () => import('./pages/subscribers/Statement.svelte') },
  { pattern: '/admin/unknown-logins', needs: 'look', title: () => shell.subscribers, load: () => import('./pages/subscribers/UnknownLogins.svelte') },
  { pattern: '/admin/bandwidth', needs: 'look', title: () => shell.bandwidth, load: () => import('./pages/bandwidth/Bandwidth.svelte') },
  { pattern: '/admin/vouchers', needs: 'look_vouchers', title: () => ofOne(filter('code'), shell.vouchers), load: () => import('./pages/vouchers/Vouchers.svelte') },
  { pattern: '/admin/voucher-sheets/:batch', needs: 'look_codes', title: () => named(shell.vouchers), load: () => import('./pages/vouchers/Sheet.svelte') },
  { pattern: '/admin/plans', needs: 'look_vouchers', title: () => shell.plans, load: () => import('./pages/plans/Plans.svelte') },
  { pattern: '/admin/routers', needs: 'look', title: () => shell.routers, load: () => import('./pages/routers/Routers.svelte') },
  { pattern: '/admin/settings/routers', needs: 'look', title: () => shell.routers, load: () => import('./pages/routers/Routers.svelte') },
  { pattern: '/admin/findings', needs: 'look', title: () => findingsText.title, load: () => import('./pages/routers/AllFindings.svelte') },
  { pattern: '/admin/routers/:name', needs: 'look', title: () => named(shell.routers), load: () => import('./pages/routers/Router.svelte') },
  { pattern: '/admin/events', needs: 'look', title: () => shell.events, load: () => import('./pages/events/Events.svelte') },
  { pattern: '/admin/settings', title: () => shell.settings, load: () => import('./pages/settings/Settings.svelte') },
];

/** The pages that whoever is signed in has, in the menu's order. */
export function menu(): Entry[] {
  return MENU.filter((entry) => !entry.needs || may(entry.needs));
}
