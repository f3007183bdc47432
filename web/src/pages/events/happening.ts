// What happened, as people say it.

import type { Schemas } from '../../api/client';
import { volume } from '../../format/amounts';
import { eventsText } from '../../i18n/events';
import { word } from '../../i18n/words';
import { isTrouble } from '../../router-state';

type Happening = Schemas['Happening'];

export const KINDS = ['session_began', 'session_ended', 'router_state', 'command', 'log'] as const;

/** One sentence. What the server says of it is in its words. */
export function inSentence(one: Happening): string {
  const said = one.text ? `: ${one.text}` : '';
  switch (one.kind) {
    case 'session_began': return eventsText.began(one.username ?? '', one.service ?? '');
    case 'session_ended': return eventsText.ended(one.username ?? '', volume(one.download_octets ?? 0), volume(one.upload_octets ?? 0));
    case 'router_state': return `${word(one.state ?? '')}${said}`;
    case 'command': return `${one.what ?? ''} ${word(one.state ?? '')}${said}`;
    default: return `${one.what ?? ''}${said}`;
  }
}

/** The same thing again and again, told once with its latest time. */
export interface Run {
  one: Happening;
  text: string;
  times: number;
}

/** What came right after another as the same is one with it; `happened` is the newest first. */
export function runs(happened: Happening[]): Run[] {
  const all: Run[] = [];
  for (const one of happened) {
    const [text, last] = [inSentence(one), all.at(-1)];
    if (last && last.text === text && last.one.kind === one.kind && last.one.router === one.router) last.times += 1;
    else all.push({ one, text, times: 1 });
  }
  return all;
}

/** How it is coloured. */
export function badge(one: Happening): 'plain' | 'good' | 'warn' | 'bad' {
  if (one.kind === 'log') return one.state === 'error' ? 'bad' : one.state === 'warn' ? 'warn' : 'plain';
  if (one.kind === 'router_state') return one.state === 'online' ? 'good' : isTrouble(one.state ?? '') ? 'bad' : 'plain';
  if (one.kind === 'command') return one.state === 'failed' ? 'bad' : one.state === 'unknown' ? 'warn' : 'plain';
  return 'plain';
}
