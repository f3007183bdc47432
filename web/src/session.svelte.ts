// Who is signed in. All of signing in is in this file: today an API token that this tab alone keeps.

import { connection } from './connection.svelte';

const KEY = 'tikmeter-token';

export type Role = 'admin' | 'viewer';

interface Session {
  token: string | undefined;
  role: Role | undefined;
  /** Why the person has to sign in again. */
  message: string | undefined;
}

export const session = $state<Session>({ token: sessionStorage.getItem(KEY) ?? undefined, role: undefined, message: undefined });

/** What every request carries. */
export function authorization(): Record<string, string> {
  return session.token ? { Authorization: `Bearer ${session.token}` } : {};
}

/** What a WebSocket carries, which a browser lets send no header: the protocol spoken, and the token as another. */
export function socketProtocols(): string[] {
  return session.token ? ['tikmeter', `bearer.${session.token}`] : ['tikmeter'];
}

/**
 * Takes a token if the server does. No address tells whose it is, so what only admins may look at is asked for: its
 * refusal tells a viewer.
 *
 * Throws a sentence for people.
 */
export async function signIn(token: string, words: { unknown: string; noAnswer: string; odd: (status: number) => string }): Promise<void> {
  const status = await tried(token, '/api/v1/status');
  if (status === 401) throw new Error(words.unknown);
  if (status === 0) throw new Error(words.noAnswer);
  if (status >= 400) throw new Error(words.odd(status));
  sessionStorage.setItem(KEY, token);
  session.token = token;
  session.message = undefined;
  await learnRole();
}

/** Finds out what the token that is kept may do. */
export async function learnRole(): Promise<void> {
  if (!session.token) return;
  const status = await tried(session.token, '/api/v1/vouchers?limit=1');
  // It is asked again once the server is back.
  if (status === 0) connection.lost();
  if (status === 200) session.role = 'admin';
  if (status === 403) session.role = 'viewer';
}

async function tried(token: string, address: string): Promise<number> {
  try {
    const answer = await fetch(address, { headers: { Authorization: `Bearer ${token}` }, cache: 'no-store' });
    return answer.status;
  } catch {
    return 0;
  }
}

/** Forgets the token; `message` says why, when it was not the person's wish. */
export function signedOut(message?: string): void {
  sessionStorage.removeItem(KEY);
  Object.assign(session, { token: undefined, role: undefined, message });
}

/** Whether what changes something is offered. The server refuses it anyway. */
export function mayChange(): boolean {
  return session.role === 'admin';
}
