// The programs that the browser looks at, started for it alone on free ports of loopback, and ended with it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, mkdirSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const target = new URL('../../target/', import.meta.url);
const program = process.env.TIKMETER_PROGRAM ?? fileURLToPath(new URL('debug/tikmeter', target));

/** Where data, logs and figures of a run are kept. */
export const folder = new URL('web/', target);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Starts the program with these words and gives what it says first, as JSON; its complaints go to a file of `name`. Of the program's variables it has `more` alone. */
async function start(name, words, more = {}) {
  const log = openSync(new URL(`${name}.log`, folder), 'a');
  const environment = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('TIKMETER_')));
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', log], env: { ...environment, ...more } });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => undefined)]);
  if (!first) throw new Error(`${program} ${words.join(' ')} ended at once; ${name}.log says why`);
  // What it says later is read and dropped, or it would wait for a reader.
  lines.on('line', () => {});
  return { child, told: JSON.parse(first[0]) };
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Runs a command to its end and gives what it printed. */
export async function run(words) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (part) => (printed += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
  return printed;
}

/** A server that can be stopped and started again at the same address, with the same data. */
export class Served {
  #name;
  #words;
  #child;
  #variables = {};
  /** What it said at its last start. */
  told = {};

  constructor(name, ...words) {
    [this.#name, this.#words] = [name, words];
  }

  /** Variables of the program. */
  with(variables) {
    this.#variables = variables;
    return this;
  }

  async start() {
    const address = this.told.url ? new URL(this.told.url).host : '127.0.0.1:0';
    const data = fileURLToPath(new URL(`${this.#name}/`, folder));
    const began = await start(this.#name, [...this.#words, '--json', '--listen', address, '--data', data], this.#variables);
    [this.#child, this.told] = [began.child, { ...began.told, data }];
    return this;
  }

  stop() {
    return stop(this.#child);
  }

  get url() {
    return this.told.url;
  }

  /** A token that outlives the process. */
  async token(role) {
    return JSON.parse(await run(['token', 'create', '--json', '--role', role, `browser, ${role}`, '--data', this.told.data])).token;
  }
}

/** A provider with three routers. */
export const demo = () => new Served('demo', 'demo', '--interval-ms', '500').start();

/** A server that knows no router yet, with data of that name. Its portal is nowhere: who starts it may run one. */
export function empty(name = 'empty') {
  return new Served(name, 'serve').with({ TIKMETER_PORTAL_LISTEN: 'off' }).start();
}

/** A router that never restarts, whose user may change it; gives its port. */
export async function router(name, ...words) {
  const began = await start(name, ['simulate', '--json', '--routers', '1', '--write', '--version', '7.20', ...words]);
  return began.told.routers[0].port;
}

/** A router that speaks TLS, too; gives that port. */
export async function routerWithTls(name, ...words) {
  const began = await start(name, ['simulate', '--json', '--routers', '1', '--api-ssl', 'self-signed', ...words]);
  return began.told.routers[0].tls_port;
}

/** Ends all that was started. */
export async function stopAll() {
  await Promise.all([...running].map(stop));
}
