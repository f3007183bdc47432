// Talking to the server that sent this page, and to nobody else.

const KEY = "tikmeter-token";

/** An answer that is not a success; `status` 0 means that no answer came. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const token = {
  get: () => sessionStorage.getItem(KEY),
  keep: (text) => sessionStorage.setItem(KEY, text),
  forget: () => sessionStorage.removeItem(KEY),
};

/** GET `path` below /api/v1 with `query` (empty values are left out); the JSON of the answer. */
export async function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value != null);
  const search = given.length ? `?${new URLSearchParams(given)}` : "";
  let response;
  try {
    response = await fetch(`/api/v1/${path}${search}`, { headers: { Authorization: `Bearer ${token.get()}` } });
  } catch {
    throw new Refusal(0, "The server does not answer. The figures below are the last ones it gave.");
  }
  if (!response.ok) throw new Refusal(response.status, await reason(response));
  return response.json();
}

/** The same for a list that comes in pages: its last page, with the items of all. */
export async function getAll(path, query = {}) {
  const items = [];
  let page = await get(path, query);
  for (;;) {
    items.push(...page.items);
    if (page.next == null) return { ...page, items };
    page = await get(path, { ...query, cursor: page.next });
  }
}

/** Whether the server marks its data as simulated; needs no token. */
export async function isSimulated() {
  const response = await fetch("/healthz");
  return response.headers.get("tikmeter-simulated") === "true";
}

async function reason(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return `The server answered ${response.status} without saying why.`;
  }
}
