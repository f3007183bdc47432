// The simulated router as node-routeros sees it. Lines of output as in proof.py.
"use strict";

const { RouterOSAPI } = require("node-routeros");

const port = (router) => Number(process.env[router + "_PORT"]);
const checks = [];
const check = (name, prove) => checks.push([name, prove]);
const SECRET = "/ppp/secret";

function same(seen, expected) {
  const [left, right] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
}

function assert(truth, ...told) {
  if (!truth) throw new Error(`not so: ${JSON.stringify(told)}`);
}

async function refused(promise, words) {
  let told;
  try {
    await promise;
  } catch (error) {
    told = `${error.errno || ""} ${error.message}`;
  }
  if (told === undefined) throw new Error(`not refused; expected ${words}`);
  if (!told.includes(words)) throw new Error(`refused with ${told} instead of ${words}`);
}

async function connected(router, act, password = "simulated") {
  const api = new RouterOSAPI({ host: "127.0.0.1", port: port(router), user: "meter", password });
  await api.connect();
  try {
    return await act(api);
  } finally {
    await api.close();
  }
}

async function one(rows) {
  const all = await rows;
  same(all.length, 1);
  return all[0];
}

const identity = (api) => one(api.write("/system/identity/print"));
const add = async (api, menu, words) => (await one(api.write(`${menu}/add`, words))).ret;
const byId = (api, menu, id) => api.write(`${menu}/print`, [`?.id=${id}`]);
const remove = (api, menu, id) => api.write(`${menu}/remove`, [`=.id=${id}`]);

check("login, plain", () => connected("PLAIN", async (api) => same((await identity(api)).name, "sim1")));

check("login, challenge", () =>
  connected("CHALLENGE", async (api) => {
    const { version } = await one(api.write("/system/resource/print"));
    assert(version.startsWith("6.42"), version);
  }));

check("wrong password refused", async () => {
  await refused(connected("PLAIN", identity, "wrong"), "CANTLOGIN");
  await refused(connected("CHALLENGE", identity, "wrong"), "CANTLOGIN");
});

check("print", () =>
  connected("PLAIN", async (api) => {
    const rows = await api.write("/interface/print");
    const uplink = rows.find((row) => row.name === "ether1");
    assert(Number(uplink["rx-byte"]) > 0 && uplink.type === "ether", uplink);
    const dialledIn = rows.filter((row) => row.type === "pppoe-in" && row.dynamic === "true");
    assert(dialledIn.length > 0 && dialledIn.every((row) => ".id" in row && "tx-byte" in row), dialledIn);
  }));

check("print, chosen properties", () =>
  connected("PLAIN", async (api) => {
    const rows = await api.write("/ppp/active/print", ["=.proplist=name,service"]);
    assert(rows.length > 0 && rows.every((row) => Object.keys(row).sort().join() === "name,service"), rows);
  }));

check("print, counted only", () =>
  connected("PLAIN", async (api) => same(await api.write("/ip/service/print", ["=count-only="]), [{ ret: "7" }])));

check("query, equality", () =>
  connected("PLAIN", async (api) => {
    same((await one(api.write("/interface/print", ["?name=ether1"]))).name, "ether1");
  }));

check("query, either of two", () =>
  connected("PLAIN", async (api) => {
    const rows = await api.write("/interface/print", ["?type=ether", "?type=pppoe-in", "?#|"]);
    same([...new Set(rows.map((row) => row.type))].sort(), ["ether", "pppoe-in"]);
  }));

check("query, not", () =>
  connected("PLAIN", async (api) => {
    same((await api.write("/ip/service/print", ["?name=api", "?#!"])).length, 6);
  }));

check("no rows", () =>
  connected("PLAIN", async (api) => same(await api.write("/interface/print", ["?name=nobody"]), [])));

check("unknown command refused", () =>
  connected("PLAIN", (api) => refused(api.write("/ip/nonsense/print"), "no such command")));

check("add, set and remove seen in print", () =>
  connected("PLAIN", async (api) => {
    const id = await add(api, SECRET, ["=name=node", "=password=p=1", "=service=pppoe"]);
    let row = await one(byId(api, SECRET, id));
    same([row.name, row.password, row.service, row.disabled], ["node", "p=1", "pppoe", "false"]);
    await api.write(`${SECRET}/set`, [`=.id=${id}`, "=disabled=yes", "=comment=of node-routeros"]);
    row = await one(byId(api, SECRET, id));
    same([row.disabled, row.comment], ["true", "of node-routeros"]);
    await remove(api, SECRET, id);
    same(await byId(api, SECRET, id), []);
  }));

check("add in another menu", () =>
  connected("PLAIN", async (api) => {
    const id = await add(api, "/ip/address", ["=address=192.168.3.1/24", "=interface=ether1"]);
    const row = await one(byId(api, "/ip/address", id));
    same([row.network, row["actual-interface"]], ["192.168.3.0", "ether1"]);
    await remove(api, "/ip/address", id);
  }));

check("duplicate refused", () =>
  connected("PLAIN", async (api) => {
    const id = await add(api, SECRET, ["=name=node-twice"]);
    await refused(api.write(`${SECRET}/add`, ["=name=node-twice"]), "already have such name");
    await remove(api, SECRET, id);
  }));

check("unknown id refused", () =>
  connected("PLAIN", async (api) => {
    await refused(api.write(`${SECRET}/set`, ["=.id=*FFFF", "=disabled=yes"]), "no such item");
    await refused(remove(api, SECRET, "*FFFF"), "no such item");
  }));

check("writing without the right refused", () =>
  connected("READER", (api) => refused(api.write(`${SECRET}/add`, ["=name=node-reader"]), "not enough permissions")));

check("long words", () =>
  connected("PLAIN", async (api) => {
    const id = await add(api, SECRET, ["=name=node-long"]);
    for (const length of [127, 128, 200, 256, 16383, 16384, 20000]) {
      await api.write(`${SECRET}/set`, [`=.id=${id}`, `=comment=${"x".repeat(length)}`]);
      same((await one(byId(api, SECRET, id))).comment.length, length);
    }
    await remove(api, SECRET, id);
  }));

check("names that are not UTF-8", () =>
  connected("PLAIN", async (api) => {
    // The library writes and reads Windows-1252.
    const id = await add(api, SECRET, ["=name=mu\u00f1oz\u20ac"]);
    same((await one(byId(api, SECRET, id))).name, "mu\u00f1oz\u20ac");
    await remove(api, SECRET, id);
  }));

check("commands at once, told apart by tag", () =>
  connected("PLAIN", async (api) => {
    const [services, own] = await Promise.all([api.write("/ip/service/print"), identity(api)]);
    same([services.length, own.name], [7, "sim1"]);
  }));

// Rows heard by a `listen` that has begun: `next()` waits for the coming one.
async function listening(api) {
  const rows = [];
  const waiting = [];
  const stream = api.writeStream(`${SECRET}/listen`);
  stream.on("data", (row) => (waiting.length ? waiting.shift()(row) : rows.push(row)));
  await identity(api);
  const next = () => (rows.length ? rows.shift() : new Promise((resolve) => waiting.push(resolve)));
  return { stream, next, rows };
}

check("listen hears add, set and remove", () =>
  connected("PLAIN", async (ears) => {
    const { stream, next } = await listening(ears);
    await connected("PLAIN", async (api) => {
      const id = await add(api, SECRET, ["=name=node-heard"]);
      let row = await next();
      same([row[".id"], row.name, row.disabled], [id, "node-heard", "false"]);
      await api.write(`${SECRET}/set`, [`=.id=${id}`, "=disabled=yes"]);
      row = await next();
      same([row[".id"], row.disabled], [id, "true"]);
      await remove(api, SECRET, id);
      same(await next(), { ".id": id, ".dead": "true" });
    });
    await stream.stop();
  }));

check("cancel", () =>
  connected("PLAIN", async (api) => {
    const { stream, rows } = await listening(api);
    const ended = new Promise((resolve) => stream.once("close", resolve));
    const trapped = new Promise((resolve) => stream.channel.once("trap", resolve));
    await stream.stop();
    same((await trapped).message, "interrupted");
    await ended;
    await remove(api, SECRET, await add(api, SECRET, ["=name=node-unheard"]));
    same([rows, (await identity(api)).name], [[], "sim1"]);
  }));

async function main() {
  for (const [name, prove] of checks) {
    try {
      await prove();
      console.log(["ok", name].join("\t"));
    } catch (error) {
      console.error(error);
      console.log(["failed", name, String(error).split(/\s+/).join(" ")].join("\t"));
    }
  }
}

main();
