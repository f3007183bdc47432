// Every page that a person can be on.

/** Names and addresses of all pages of a provider that has subscribers, routers, vouchers. */
export async function pages(world) {
  const routers = (await world.ask('/api/v1/routers')).items;
  const vouchers = (await world.ask('/api/v1/vouchers?limit=1')).items;
  const one = encodeURIComponent(world.customer);
  return {
    ...PLAIN,
    live: `/admin/live?who=${one}`,
    subscriber: `/admin/subscribers/${one}`,
    statement: `/admin/statements/${one}`,
    voucher: `/admin/vouchers?tab=codes&code=${encodeURIComponent(vouchers[0].code)}`,
    'voucher-sheet': `/admin/voucher-sheets/${vouchers[0].batch}`,
    router: `/admin/routers/${encodeURIComponent(routers[0].name)}`,
  };
}

/** Those that are there for anybody. */
export const PLAIN = {
  overview: '/admin',
  'data-usage': '/admin/network/data-usage',
  live: '/admin/live',
  subscribers: '/admin/subscribers',
  'unknown-logins': '/admin/unknown-logins',
  bandwidth: '/admin/bandwidth',
  vouchers: '/admin/vouchers',
  'voucher-codes': '/admin/vouchers?tab=codes',
  sales: '/admin/vouchers?tab=sales',
  plans: '/admin/plans',
  routers: '/admin/routers',
  findings: '/admin/findings',
  'router-add': '/admin/routers?add=1',
  events: '/admin/events',
  acts: '/admin/events?tab=acts',
  commands: '/admin/events?tab=commands',
  held: '/admin/events?tab=held',
  log: '/admin/events?tab=log',
  settings: '/admin/settings',
  'not-found': '/admin/nowhere',
};

/** The menu: words and addresses, in its order. */
export const MENU = [
  ['Overview', '/admin'],
  ['Data Usage Monitor', '/admin/network/data-usage'],
  ['Live', '/admin/live'],
  ['Subscribers', '/admin/subscribers'],
  ['Bandwidth Control', '/admin/bandwidth'],
  ['Vouchers', '/admin/vouchers'],
  ['Plans', '/admin/plans'],
  ['Routers', '/admin/routers'],
  ['Events', '/admin/events'],
  ['Settings', '/admin/settings'],
];
