// Totals per router and login.

import { byId, element } from "./dom.js";
import { instant, octets, percent } from "./format.js";

const SHOWN = 200;
let items = [];
let opened = () => {};

/** `open(item)` is called for the login a person picks. */
export function prepareTotals(open) {
  opened = open;
  byId("filter").addEventListener("input", draw);
}

export function showTotals(usage) {
  items = usage.items.toSorted((one, other) => all(other) - all(one));
  draw();
}

const all = (item) => item.upload_octets + item.download_octets;

function draw() {
  const wanted = byId("filter").value.trim().toLowerCase();
  const found = items.filter((item) => `${item.username ?? ""}\n${item.router}`.toLowerCase().includes(wanted));
  keepFocus(() => byId("totals").replaceChildren(...found.slice(0, SHOWN).map(row)));
  byId("totals-note").textContent = note(found.length);
}

function note(found) {
  if (items.length === 0) return "Nothing was counted yet.";
  if (found > SHOWN) return `The ${SHOWN} largest of ${found.toLocaleString()}; write a part of the login above to find others.`;
  return found === 0 ? "No login or router has that in its name." : "Touch a login to see where its octets come from.";
}

function row(item) {
  const bound = item.unobserved_upper_octets;
  return element("tr", "",
    element("td", "", name(item), element("small", "", item.router, element("span", "narrow", ` · as of ${instant(item.as_of)}`))),
    element("td", "number", octets(item.upload_octets)),
    element("td", "number", octets(item.download_octets)),
    element("td", "number wide", percent(item.observed_percent)),
    element("td", "number wide", bound == null ? "unbounded" : octets(bound)),
    element("td", "number wide", instant(item.as_of)),
  );
}

function name(item) {
  if (item.username == null) return element("em", "", "nobody's");
  const button = element("button", "name", item.username);
  button.type = "button";
  button.dataset.key = `${item.router}\n${item.username}`;
  button.addEventListener("click", () => opened(item));
  return button;
}

// Rows are made anew with every answer; somebody going through them by keyboard must not lose the place.
function keepFocus(change) {
  const key = document.activeElement?.dataset?.key;
  change();
  if (!key) return;
  [...byId("totals").querySelectorAll("button")].find((button) => button.dataset.key === key)?.focus();
}
