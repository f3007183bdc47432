// The page: asks for a token, then shows how things stand and looks again every five seconds.

import { get, getAll, isSimulated, token } from "./api.js";
import { byId, tell } from "./dom.js";
import { prepareExplain, showExplain } from "./explain.js";
import { showRouters } from "./routers.js";
import { prepareTotals, showTotals } from "./totals.js";

const PAUSE_MS = 5000;
// Totals of a large network are megabytes; those are asked for less often.
const LARGE = 2000;
const LARGE_PAUSE_MS = 60000;

const plural = (count, one) => `${count.toLocaleString()} ${one}${count === 1 ? "" : "s"}`;

let timer;
let totalsDue = 0;

// Whoever is asked for a token shall know beforehand that the data are simulated.
async function sayWhetherSimulated() {
  const simulated = await isSimulated().catch(() => false);
  byId("simulated").hidden = !simulated;
}

function enter() {
  byId("enter").hidden = false;
  byId("figures").hidden = true;
  byId("leave").hidden = true;
  byId("token").focus();
}

function leave(why) {
  clearTimeout(timer);
  token.forget();
  byId("explain").close();
  byId("summary").textContent = "";
  showRouters([]);
  showTotals({ items: [] });
  tell("notice", null);
  tell("refused", why);
  enter();
}

async function look() {
  clearTimeout(timer);
  const asking = token.get();
  try {
    const [status, routers] = await Promise.all([get("status"), get("routers")]);
    const usage = Date.now() >= totalsDue ? await getAll("usage", { by: "router,username", limit: 10000 }) : null;
    if (token.get() !== asking) return;
    show(status, routers, usage);
  } catch (refusal) {
    if (token.get() !== asking) return;
    if (refusal.status === 401) return leave(refusal.message);
    tell("notice", refusal.message);
  }
  timer = setTimeout(() => (document.hidden ? look.later() : look()), PAUSE_MS);
}

// Nobody sees a hidden page: it waits until it is looked at.
look.later = () => document.addEventListener("visibilitychange", () => look(), { once: true });

function show(status, routers, usage) {
  byId("enter").hidden = true;
  byId("figures").hidden = false;
  byId("leave").hidden = false;
  byId("simulated").hidden = !status.simulated;
  byId("summary").textContent =
    `${status.routers.online} of ${plural(status.routers.total, "router")} online · ${plural(status.subscribers, "subscriber")}`;
  tell("notice", status.store.message);
  showRouters(routers.items);
  if (!usage) return;
  showTotals(usage);
  totalsDue = usage.items.length > LARGE ? Date.now() + LARGE_PAUSE_MS : 0;
}

byId("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  token.keep(byId("token").value.trim());
  byId("token").value = "";
  totalsDue = 0;
  tell("refused", null);
  look();
});
byId("leave").addEventListener("click", () => leave(null));
prepareTotals(showExplain);
prepareExplain();
if (token.get()) {
  look();
} else {
  sayWhetherSimulated();
  enter();
}
