// The one place that talks to the server. Types come from its OpenAPI document; errors become sentences.

import { learnTime } from '../clock.svelte';
import { connection } from '../connection.svelte';
import { authorization, session, signedOut } from '../session.svelte';
import { wire } from '../i18n/wire';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Operation<P, M extends Method> = P extends keyof paths ? (paths[P] extends Record<M, infer O> ? O : never) : never;
type With<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never }[keyof paths];
type Json<R> = R extends { content: { 'application/json': infer J } } ? J : undefined;
type Answer<O> = O extends { responses: infer R }
  ? R extends { 200: infer A } ? (R extends { 204: unknown } ? Json<A> | undefined : Json<A>)
  : R extends { 201: infer A } ? Json<A> : undefined
  : never;
type Query<O> = O extends { parameters: { query?: infer Q } } ? Q : never;
type Path<O> = O extends { parameters: { path: infer P } } ? P : never;
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined;

interface Asked<O> {
  path?: Path<O>;
  query?: Query<O>;
  body?: Body<O>;
}

/** An answer that is no success; `status` 0: no answer came. Its message is for people. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The field that is at fault, where the server names one. */
    readonly field?: string,
  ) {
    super(message);
  }
}

/** Longer than the server takes for anything but recomputing its books. */
const PATIENCE_MS = 35_000;
const LONG_MS = 605_000;
/** What may take long. */
const SLOW = ['/api/v1/verify', '/api/v1/retention/run', '/api/v1/doctor'];

export function get<P extends With<'get'>>(path: P, asked: Asked<Operation<P, 'get'>> = {}): Promise<Answer<Operation<P, 'get'>>> {
  return call('get', path, asked as Parts) as Promise<Answer<Operation<P, 'get'>>>;
}

export function send<M extends Exclude<Method, 'get'>, P extends With<M>>(
  method: M,
  path: P,
  asked: Asked<Operation<P, M>> = {},
): Promise<Answer<Operation<P, M>>> {
  return call(method, path, asked as Parts) as Promise<Answer<Operation<P, M>>>;
}

export interface Page<I> {
  items: I[];
  next?: string | null;
}

/** All pages of a list, at most `most` items; `more` says that there are others. */
export async function all<I>(page: (cursor: string | undefined) => Promise<Page<I>>, most: number): Promise<{ items: I[]; more: boolean }> {
  const items: I[] = [];
  let cursor: string | undefined;
  do {
    const got = await page(cursor);
    items.push(...got.items);
    cursor = got.next ?? undefined;
  } while (cursor && items.length < most);
  return { items, more: cursor !== undefined };
}

/** A file as text: CSV, a page to print. */
export async function getText(path: string): Promise<string> {
  return whole(path, {}, PATIENCE_MS, (answer) => answer.text());
}

/** Sends a CSV file as it is: whether it is UTF-8 is for the server to say. */
export async function sendCsv(path: string, csv: Blob): Promise<unknown> {
  const init = { method: 'POST', body: csv, headers: { 'Content-Type': 'text/csv' } };
  return whole(path, init, LONG_MS, (answer) => answer.json());
}

/** The same without the types of one operation. */
interface Parts {
  path?: object;
  query?: object;
  body?: unknown;
}

async function call(method: Method, path: string, asked: Parts): Promise<unknown> {
  const init: RequestInit = { method: method.toUpperCase() };
  if (asked.body !== undefined) {
    init.body = JSON.stringify(asked.body);
    init.headers = { 'Content-Type': 'application/json' };
  }
  const patience = SLOW.includes(path) ? LONG_MS : PATIENCE_MS;
  return whole(address(path, asked), init, patience, (answer) => (answer.status === 204 ? undefined : answer.json()));
}

/** The address, with what was asked for in its places; empty values are left out. */
export function address(path: string, asked: { path?: object; query?: object }): string {
  const parts = Object.entries(asked.path ?? {});
  const filled = parts.reduce((text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(String(value))), path);
  const given = Object.entries(asked.query ?? {}).filter(([, value]) => value != null && value !== '');
  return given.length ? `${filled}?${new URLSearchParams(given as [string, string][])}` : filled;
}

/** An answer to its last letter: a connection may break while it is read. */
async function whole<T>(url: string, init: RequestInit, patienceMs: number, read: (answer: Response) => T | Promise<T>): Promise<T> {
  const response = await answered(url, init, patienceMs);
  try {
    return await read(response);
  } catch (thrown) {
    throw broken(thrown);
  }
}

async function answered(url: string, init: RequestInit, patienceMs: number): Promise<Response> {
  const asker = session.who;
  let response: Response;
  try {
    const headers = { ...init.headers, ...authorization() };
    response = await fetch(url, { ...init, headers, cache: 'no-store', signal: AbortSignal.timeout(patienceMs) });
  } catch (thrown) {
    throw broken(thrown);
  }
  connection.alive(response.headers.get('tikmeter-simulated') === 'true');
  learnTime(response.headers.get('date'));
  if (response.ok) return response;
  const failure = await refusal(response);
  // What somebody else had asked before says nothing of who is signed in now.
  if (response.status === 401 && session.who === asker) signedOut(failure.message);
  throw failure;
}

/** One question that takes long says nothing of the others: only what breaks means that the server is gone. */
function broken(thrown: unknown): Failure {
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return new Failure(0, wire.tooLong);
  connection.lost();
  return new Failure(0, wire.noAnswer);
}

async function refusal(response: Response): Promise<Failure> {
  try {
    const body = (await response.json()) as Partial<Schemas['ProblemBody']> & { message?: string };
    const words = body.detail ?? body.message;
    if (words) return new Failure(response.status, words, body.field);
  } catch {
    // No JSON: a proxy in between spoke for the server.
  }
  return new Failure(response.status, wire.noReason(response.status));
}

/** Whatever was thrown, as a failure with a sentence. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure(0, wire.fault(thrown instanceof Error ? thrown.message : String(thrown)));
}
