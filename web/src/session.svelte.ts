// Who is signed in, and what they may do. All of signing in is in this file: a person by the cookie that the server set, which no
// script can read; or a token that this tab alone keeps.

import type { components } from './api/schema';
import { connection } from './connection.svelte';
import { settings } from './settings.svelte';

type Who = components['schemas']['Who'];
export type Role = components['schemas']['Role'];
/** What the server's routes ask for. */
export type Ability = 'look' | 'look_vouchers' | 'look_codes' | 'sell' | 'control' | 'manage' | 'administer';

const KEY = 'tikmeter-token';
/** Whose cookie this browser has: no script can see whether it has one, and asking for nothing is an error in the console. */
const SIGNED_IN = 'tikmeter-signed-in';

interface Session {
  token: string | undefined;
  /** Undefined while nobody is signed in, and until the server said who it is. */
  who: Who | undefined;
  /** The server was asked who this is, and answered. */
  isKnown: boolean;
  /** Why the person has to sign in again. */
  message: string | undefined;
  /** Why it is not known who this is: the server could not say. It is asked again. */
  trouble: string | undefined;
}

export const session = $state<Session>({
  token: sessionStorage.getItem(KEY) ?? undefined,
  who: undefined,
  isKnown: false,
  message: undefined,
  trouble: undefined,
});

/** What every request carries beside the cookie, which the browser adds. */
export function authorization(): Record<string, string> {
  return session.token ? { Authorization: `Bearer ${session.token}` } : {};
}

/** What a WebSocket carries, which a browser lets send no header: the protocol spoken, and a token as another. */
export function socketProtocols(): string[] {
  return session.token ? ['tikmeter', `bearer.${session.token}`] : ['tikmeter'];
}

/** Sentences for what the server does not say itself. */
export interface Words {
  noAnswer: string;
  odd: (status: number) => string;
}

/** Signs a person in. Throws a sentence for people. */
export async function signIn(name: string, password: string, words: Words): Promise<void> {
  const body = JSON.stringify({ name, password });
  const init = { method: 'POST', body, headers: { 'Content-Type': 'application/json' } };
  enter(await asked('/api/v1/session', init, words));
}

/** Takes a token if the server knows it. Throws a sentence for people. */
export async function useToken(token: string, words: Words): Promise<void> {
  const who = await asked('/api/v1/session', { headers: { Authorization: `Bearer ${token}` } }, words);
  sessionStorage.setItem(KEY, token);
  session.token = token;
  enter(who);
}

/** Finds out who this is: when the page opens, when the server is back, and when another tab may have changed it. */
export async function learnWho(words: Words): Promise<void> {
  if (!session.token && !localStorage.getItem(SIGNED_IN)) {
    if (session.who) signedOut();
    session.isKnown = true;
    return;
  }
  let answer: Response;
  try {
    answer = await fetch('/api/v1/session', { headers: authorization(), cache: 'no-store' });
  } catch {
    // It is asked again once the server is back.
    connection.lost();
    return;
  }
  if (answer.ok) enter((await answer.json()) as Who);
  else if (answer.status === 401) signedOut(await reason(answer));
  else {
    session.trouble = (await reason(answer)) ?? words.odd(answer.status);
    connection.lost();
  }
}

/** Learns of it when another tab signs in or out, and when this one is looked at again. Gives what ends that. */
export function followOtherTabs(words: Words): () => void {
  const changed = (event: StorageEvent) => {
    if (event.key === SIGNED_IN) void learnWho(words);
  };
  const looked = () => {
    if (!document.hidden) void learnWho(words);
  };
  window.addEventListener('storage', changed);
  document.addEventListener('visibilitychange', looked);
  return () => {
    window.removeEventListener('storage', changed);
    document.removeEventListener('visibilitychange', looked);
  };
}

/** Signs out, on the server too where somebody signed in with a password. Throws a sentence where that is not sure. */
export async function signOut(words: Words): Promise<void> {
  if (session.who?.sign_in) {
    let answer: Response;
    try {
      answer = await fetch('/api/v1/session', { method: 'DELETE' });
    } catch {
      throw new Error(words.noAnswer);
    }
    // 401: it is over already.
    if (!answer.ok && answer.status !== 401) throw new Error((await reason(answer)) ?? words.odd(answer.status));
  }
  signedOut();
}

/** Forgets who it was; `message` says why, when it was not the person's wish. */
export function signedOut(message?: string): void {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(SIGNED_IN);
  Object.assign(session, { token: undefined, who: undefined, isKnown: true, message, trouble: undefined });
}

/** Whether what asks for that is offered. The server refuses it anyway. */
export function may(ability: Ability): boolean {
  return session.who?.abilities.includes(ability) ?? false;
}

/** The same of what is about all routers: nobody may who is bound to groups of them. */
export function mayEverywhere(ability: Ability): boolean {
  return may(ability) && !isBound();
}

/** Whether they reach the routers of some groups only. */
export function isBound(): boolean {
  return session.who?.bound ?? false;
}

/** Whether a batch of vouchers is theirs: others' codes are not for who is bound. */
export function isTheirs(batch: { made_by: string }): boolean {
  const who = session.who;
  return !isBound() || batch.made_by === `${who?.sign_in ? 'operator' : 'token'} ${who?.name}`;
}

function enter(who: Who): void {
  if (who.sign_in) localStorage.setItem(SIGNED_IN, who.name);
  // What this tab shows was for somebody else: it begins anew.
  if (session.who && session.who.name !== who.name) location.reload();
  const isSame = JSON.stringify(session.who) === JSON.stringify(who);
  // What was chosen in this tab since stays.
  if (who.language && !isSame) settings.language = who.language;
  Object.assign(session, { who: isSame ? session.who : who, isKnown: true, message: undefined, trouble: undefined });
}

async function asked(address: string, init: RequestInit, words: Words): Promise<Who> {
  let answer: Response;
  try {
    answer = await fetch(address, { ...init, cache: 'no-store' });
  } catch {
    throw new Error(words.noAnswer);
  }
  if (answer.ok) return (await answer.json()) as Who;
  throw new Error((await reason(answer)) ?? words.odd(answer.status));
}

/** The server's own words; undefined where a proxy in between spoke for it. */
async function reason(answer: Response): Promise<string | undefined> {
  try {
    return ((await answer.json()) as { detail?: string }).detail;
  } catch {
    return undefined;
  }
}
