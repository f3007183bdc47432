// Where a login's octets come from.

import { get } from "./api.js";
import { byId, element, tell } from "./dom.js";
import { instant, octets } from "./format.js";

let asked = 0;
let readOn = () => {};

export function prepareExplain() {
  byId("explain-close").addEventListener("click", () => byId("explain").close());
  byId("explain-more").addEventListener("click", () => readOn());
}

export function showExplain(item) {
  byId("explain-title").textContent = `${item.username} on ${item.router}`;
  byId("explain-sum").textContent = "";
  byId("explain-entries").replaceChildren();
  byId("explain-more").hidden = true;
  if (!byId("explain").open) byId("explain").showModal();
  asked += 1;
  return more(asked, item, null);
}

async function more(asking, item, cursor) {
  tell("explain-notice", null);
  byId("explain-more").hidden = true;
  try {
    const page = await get("explain", { router: item.router, username: item.username, kind: item.kind, cursor, limit: 100 });
    if (asking === asked) add(asking, item, page);
  } catch (refusal) {
    if (asking !== asked) return;
    tell("explain-notice", refusal.message);
    offer(asking, item, cursor);
  }
}

function add(asking, item, page) {
  byId("explain-sum").textContent = `${octets(page.upload_octets)} up and ${octets(page.download_octets)} down, ` +
    `${(page.upload_octets + page.download_octets).toLocaleString()} octets in all. They are the sum of these entries:`;
  byId("explain-entries").append(...page.items.map(entry));
  if (page.next) offer(asking, item, page.next);
}

function offer(asking, item, cursor) {
  readOn = () => more(asking, item, cursor);
  byId("explain-more").hidden = false;
}

function entry(one) {
  const added = `${instant(one.at_to)} · ${one.upload_octets.toLocaleString()} up, ${one.download_octets.toLocaleString()} down`;
  return element("li", one.posted ? "" : "held", one.text, element("span", "", one.posted ? added : `${added} · held, in no total`));
}
