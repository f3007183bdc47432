// The WebSocket of live samples: who is looked at is asked for anew on every connection.

import type { Schemas } from '../../api/client';
import { connection } from '../../connection.svelte';
import { socketProtocols } from '../../session.svelte';
import { Samples } from './samples';

type Message = Schemas['LiveMessage'];

/** One subscriber that is looked at. */
export class Watched {
  readonly samples = new Samples();
  /** Grows with each sample: the samples themselves are not reactive. */
  count = $state(0);
  standing = $state<Schemas['LiveStanding']>();
  trouble = $state<string>();
  dropped = $state(0);
  constructor(readonly asked: string) {}
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** The server says something every 15 s; silence for longer is a dead connection. */
const SILENCE_MS = 35_000;
const RETRY_MS = 10_000;

export class LiveLink {
  watched = $state<Watched[]>([]);
  state = $state<'connecting' | 'open' | 'broken'>('connecting');
  #socket: WebSocket | undefined;
  #pause = FIRST_PAUSE_MS;
  #again: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setInterval> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  open(): void {
    // Who was refused, as all slots were taken, may find one later.
    this.#retry ??= setInterval(() => this.watched.filter((one) => one.trouble).forEach((one) => this.#ask('subscribe', one.asked)), RETRY_MS);
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/live`, socketProtocols());
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#told(JSON.parse(String(event.data)) as Message);
    socket.onclose = () => this.#closed();
    // One that hangs while it connects is given up as one that falls silent.
    this.#listen();
  }

  /** Looks at exactly these. */
  follow(names: string[]): void {
    for (const one of this.watched) if (!names.includes(one.asked)) this.#ask('unsubscribe', one.asked);
    const kept = this.watched.filter((one) => names.includes(one.asked));
    const fresh = names.filter((name) => !kept.some((one) => one.asked === name)).map((name) => new Watched(name));
    for (const one of fresh) this.#ask('subscribe', one.asked);
    if (fresh.length || kept.length !== this.watched.length) this.watched = [...kept, ...fresh];
  }

  close(): void {
    this.#over = true;
    clearTimeout(this.#again);
    clearTimeout(this.#silence);
    clearInterval(this.#retry);
    this.#socket?.close();
  }

  #opened(): void {
    this.state = 'open';
    this.#pause = FIRST_PAUSE_MS;
    this.#listen();
    for (const one of this.watched) this.#ask('subscribe', one.asked);
  }

  #closed(): void {
    clearTimeout(this.#silence);
    if (this.#over) return;
    this.state = 'broken';
    for (const one of this.watched) one.standing = undefined;
    this.#again = setTimeout(() => (connection.lostSince ? this.#closed() : this.open()), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#socket?.close(), SILENCE_MS);
  }

  #ask(type: 'subscribe' | 'unsubscribe', subscriber: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ type, subscriber }));
  }

  #told(message: Message): void {
    this.#listen();
    if (message.type === 'subscribed') this.#stands(message.asked, message);
    else if (message.type === 'error') this.#refused(message.asked, message.detail);
    else if (message.type === 'sample') this.#sampled(message);
    else if (message.type === 'dropped') this.#missed(message.subscriber, message.samples);
    else if (message.type === 'standing') this.#of(message.subscriber).forEach((one) => this.#stands(one.asked, message));
  }

  #of(id: string): Watched[] {
    return this.watched.filter((one) => one.standing?.subscriber === id);
  }

  #stands(asked: string, standing: Schemas['LiveStanding']): void {
    for (const one of this.watched) if (one.asked === asked) Object.assign(one, { standing, trouble: undefined });
  }

  #refused(asked: string, detail: string): void {
    for (const one of this.watched) if (one.asked === asked) one.trouble = detail;
  }

  #missed(id: string, samples: number): void {
    for (const one of this.#of(id)) one.dropped += samples;
  }

  #sampled(message: Extract<Message, { type: 'sample' }>): void {
    const at = new Date(message.at).getTime() / 1000;
    const over = (message.over_ms ?? 1_000) / 1_000;
    for (const one of this.#of(message.subscriber)) {
      one.samples.add({ at, over, upload: message.upload_bps, download: message.download_bps });
      one.count += 1;
    }
  }
}
