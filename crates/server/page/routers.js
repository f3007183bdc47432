// The routers and how they stand.

import { byId, element } from "./dom.js";
import { instant } from "./format.js";

const WAITING = ["waiting", "connecting", "disabled"];

export function showRouters(routers) {
  byId("routers").replaceChildren(...routers.map(card));
  byId("no-routers").hidden = routers.length > 0;
}

function card(router) {
  const about = [router.identity, router.version && `RouterOS ${router.version}`, `${router.host}:${router.port}`];
  return element("li", "",
    element("div", "line", element("strong", "", router.name), element("span", `state ${kind(router.state)}`, router.state.replaceAll("_", " "))),
    element("p", "quiet", about.filter(Boolean).join(" · ")),
    element("p", "", reading(router)),
    router.message && element("p", kind(router.state) === "bad" ? "trouble" : "quiet", router.message),
  );
}

function kind(state) {
  if (state === "online") return "good";
  return WAITING.includes(state) ? "wait" : "bad";
}

function reading(router) {
  const { last_read_at: at, sessions_open: open } = router;
  if (!at) return router.enabled ? "Not read yet" : "Not read";
  const sessions = `${open.toLocaleString()} ${open === 1 ? "session" : "sessions"}`;
  return router.state === "online" ? `${sessions}, read ${instant(at)}` : `${sessions} when last seen, ${instant(at)}`;
}
