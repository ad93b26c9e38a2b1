/**
 * One conversation: what the log says, what is still to be sent, who owns it, how the line is. Knows nothing
 * of the page. Events: `change`; `arrival`, the new messages of others, in order, each once; `failure`.
 */
import { follow, request } from './api.js';

const QUIET = 40_000; // ms without a byte: heartbeats come every 15 s, so this stream is dead
const STALE = 20_000; // the same for a page that was asleep

const rest = (ms) => new Promise((done) => { setTimeout(done, ms); });
/** Longer each time, up to 30 s, and not all customers at once. */
const backoff = (tries) => 300 + Math.random() * Math.min(30_000, 700 * 2 ** tries);
/** Blob addresses end in a UUID (File API), also on plain http, where crypto.randomUUID is missing. */
const uuid = () => crypto.randomUUID?.() ?? URL.createObjectURL(new Blob()).slice(-36);

export class Conversation extends EventTarget {
  messages = []; // as in the log, by seq
  owner = 'assistant';
  line = 'live'; // or offline, busy, server, refused
  typing = null; // who is
  held = 0; // until when (ms) the gateway wants us to wait
  tries = 0;
  heard = 0;

  /** `begin()` gives what starts a conversation: {language, identity}. */
  constructor(api, { id, token, seen = 0, outbox = [] }, begin) {
    super();
    Object.assign(this, { api, id, token, seen, begin });
    this.outbox = outbox.map((item) => ({ ...item, state: 'sending' })); // same ids: a repeat does nothing
  }

  get items() {
    return [...this.messages, ...this.outbox];
  }

  get over() {
    return this.owner === 'closed';
  }

  get started() {
    return Boolean(this.id || this.outbox.length);
  }

  start() {
    this.stopped = false;
    this.listen();
    this.flush();
  }

  stop() {
    this.stopped = true;
    this.stream?.abort();
    this.wake?.();
  }

  /** `what` is {text}, or {text, choice} where the text is the title of the choice. */
  send(what) {
    this.outbox.push({ id: uuid(), author: 'customer', time: new Date().toISOString(), state: 'sending', ...what });
    this.flush();
  }

  retry(item) {
    item.state = 'sending';
    this.flush();
  }

  takeBack(item) {
    this.outbox.splice(this.outbox.indexOf(item), 1);
    this.tell('change');
  }

  /** The network or the page is back. What the network lost goes again by itself. */
  nudge() {
    if (Date.now() - this.heard > STALE) this.stream?.abort();
    this.tries = 0;
    this.wake?.();
    this.resend();
  }

  resend() {
    this.outbox.filter((item) => item.state === 'failed' && item.problem === 'offline').forEach((item) => this.retry(item));
  }

  lost() {
    this.stream?.abort();
    this.tell('change', { line: 'offline' });
  }

  call(path, options) {
    return request(`${this.api}conversations/${this.id}/${path}`, { token: this.token, ...options });
  }

  async flush() {
    this.tell('change');
    if (this.flushing) return;
    this.flushing = true;
    for (let item; !this.over && (item = this.outbox.find(({ state }) => state === 'sending'));) {
      await this.deliver(item);
      this.tell('change');
    }
    this.flushing = false;
  }

  async deliver(item) {
    const { id, choice, text } = item;
    try {
      if (!this.id) await this.open();
      await this.call('messages', { body: choice ? { id, choice } : { id, text } });
      item.state = 'sent';
    } catch ({ kind, message, wait }) {
      if (kind === 'busy') {
        this.tell('change', { held: Date.now() + wait });
        await rest(wait);
        this.held = 0;
        return;
      }
      Object.assign(item, { state: 'failed', problem: kind, reason: message });
      if (kind === 'gone' && this.id) this.end();
      this.tell('failure', {}, item);
    }
  }

  async open() {
    const { conversation, token } = await (await request(`${this.api}conversations`, { body: this.begin() })).json();
    Object.assign(this, { id: conversation, token });
    this.listen();
  }

  async listen() {
    if (!this.id || this.listening) return;
    this.listening = true;
    while (!this.over && !this.stopped) {
      const wait = await this.connect();
      this.typing = null;
      if (!this.over && !this.stopped) await Promise.race([rest(wait + backoff(this.tries++)), new Promise((done) => { this.wake = done; })]);
    }
    this.listening = false;
  }

  /** Fetches what was missed, then follows the stream. Returns how long (ms) the gateway wants to be left alone. */
  async connect() {
    this.stream = new AbortController();
    const { signal } = this.stream;
    const opened = Date.now();
    let timer;
    const alive = () => {
      this.heard = Date.now();
      clearTimeout(timer);
      timer = setTimeout(() => this.stream.abort(), QUIET);
    };
    try {
      const { owner, messages } = await (await this.call(`messages?after=${this.last}`)).json();
      this.take(messages, { owner });
      if (this.over) return 0;
      const response = await this.call(`events?after=${this.last}`, { signal });
      this.tell('change', { line: 'live' });
      this.resend();
      alive();
      await follow(response, (event, data) => this.event(event, data), alive).catch(() => {});
      if (Date.now() - opened > STALE) this.tries = 0;
    } catch ({ kind = 'server', wait = 0 }) {
      if (kind === 'gone') this.end();
      else if (this.tries || kind !== 'offline') this.tell('change', { line: kind });
      return wait;
    } finally {
      clearTimeout(timer);
    }
    return 0;
  }

  get last() {
    return this.messages.at(-1)?.seq ?? 0;
  }

  event(event, data) {
    if (event === 'message') this.take([data]);
    if (event === 'owner') this.take([], data);
    if (event === 'typing') this.tell('change', { typing: data.typing && data.author });
    if (this.over) this.stream.abort();
  }

  take(list, state) {
    const known = new Set(this.messages.map(({ seq }) => seq));
    const fresh = list.filter(({ seq }) => !known.has(seq) && known.add(seq));
    const news = fresh.filter(({ author, seq }) => author !== 'customer' && seq > this.seen);
    this.messages = [...this.messages, ...fresh].sort((a, b) => a.seq - b.seq);
    this.outbox = this.outbox.filter(({ id }) => !fresh.some((message) => message.id === id));
    if (news.some(({ author }) => author === this.typing)) this.typing = null;
    this.seen = Math.max(this.seen, this.last);
    this.tell('change', state);
    if (news.length) this.tell('arrival', {}, news);
  }

  /** Not ours any more, or not there any more. */
  end() {
    this.id = null;
    this.tell('change', { owner: 'closed' });
  }

  tell(event, state, detail) {
    Object.assign(this, state);
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }
}
