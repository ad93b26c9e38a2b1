/** One conversation with the gateway; knows nothing of the page. */
const QUIET = 40_000; // ms; heartbeats come every 15 s
const STALE = 20_000;
const KINDS = { 401: 'over', 404: 'over', 413: 'long', 423: 'damaged', 429: 'busy' };

const failure = (kind, message, wait = 0) => Object.assign(new Error(message), { kind, wait });
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

/** Raises errors of a kind: KINDS, offline, server, refused. */
export async function request(url, { token, body, method = body ? 'POST' : 'GET', signal = AbortSignal.timeout(STALE) } = {}) {
  const response = await fetch(url, {
    method,
    headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json' }) },
    body: JSON.stringify(body),
    signal,
    credentials: 'omit',
  }).catch(() => { throw failure('offline'); });
  const { ok, status, headers } = response;
  if (ok) return response;
  const { error } = await response.json().catch(() => ({}));
  throw failure(KINDS[status] ?? (status < 500 ? 'refused' : 'server'), error?.message, (headers.get('Retry-After') || 1) * 1000);
}

async function follow(response, take, alive) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let left = ''; ;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    const blocks = (left + value.replaceAll('\r', '')).split('\n\n');
    left = blocks.pop();
    for (const block of blocks) {
      const { event, data } = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/)));
      if (data) take(event, JSON.parse(data));
    }
  }
}

/** Tells the chat: changed(), arrived(messages of others, in order, each once), failed(item). */
export class Conversation {
  messages = [];
  owner = 'assistant';
  over = false; // it can only be read
  line = 'live'; // or the kind of failure
  held = 0; // until then we wait
  tries = 0;
  heard = 0;

  constructor(api, { id, token, seen = 0, outbox = [] }, chat) {
    Object.assign(this, { api, id, token, seen, chat });
    this.outbox = outbox.map((item) => ({ ...item, state: 'sending' }));
  }

  get items() {
    return [...this.messages, ...this.outbox];
  }

  get last() {
    return this.messages.at(-1)?.seq ?? 0;
  }

  get started() {
    return this.id || this.outbox[0];
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

  send(what) {
    // A UUID (File API), also on plain http.
    const id = URL.createObjectURL(new Blob()).slice(-36);
    this.outbox.push({ id, author: 'customer', time: new Date().toISOString(), state: 'sending', ...what });
    this.flush();
  }

  retry(item) {
    item.state = 'sending';
    this.flush();
  }

  takeBack(item) {
    this.outbox = this.outbox.filter((each) => each !== item);
    this.change();
  }

  nudge() {
    if (Date.now() - this.heard > STALE) this.stream?.abort();
    this.tries = 0;
    this.wake?.();
    this.resend();
  }

  resend() {
    this.outbox.filter(({ state, problem }) => state === 'failed' && problem === 'offline').forEach((item) => this.retry(item));
  }

  lost() {
    this.stream?.abort();
    this.change({ line: 'offline' });
  }

  call(path, options) {
    return request(`${this.api}conversations/${this.id}/${path}`, { token: this.token, ...options });
  }

  async flush() {
    this.change();
    if (this.flushing) return;
    this.flushing = true;
    if (!this.id && this.chat.after) await this.open().catch(() => {});
    for (let item; !this.over && (item = this.outbox.find(({ state }) => state === 'sending'));) {
      await this.deliver(item);
      this.change();
    }
    this.flushing = false;
  }

  async deliver(item) {
    const { id, choice, person, text } = item;
    try {
      if (!this.id) await this.open();
      await this.call('messages', { body: choice || person ? { id, choice, person } : { id, text } });
      item.state = 'sent';
    } catch ({ kind, message, wait }) {
      if (kind === 'busy') {
        this.change({ held: Date.now() + wait });
        await rest(wait);
        this.held = 0;
        return;
      }
      Object.assign(item, { state: 'failed', problem: kind, reason: message });
      this.end(kind);
      this.chat.failed(item);
    }
  }

  async open() {
    const { conversation, token } = await (await request(`${this.api}conversations`, { body: await this.chat.about() })).json();
    Object.assign(this, { id: conversation, token });
    this.listen();
  }

  async listen() {
    if (!this.id || this.listening) return;
    this.listening = true;
    while (!this.stopped) {
      const wait = await this.connect();
      this.change({ typing: null });
      if (this.stopped) break;
      const pause = wait + 300 + Math.random() * Math.min(30_000, 700 * 2 ** this.tries++);
      await Promise.race([rest(pause), new Promise((done) => this.wake = done)]);
    }
    this.listening = false;
  }

  /** Returns how long (ms) to leave the gateway alone. */
  async connect() {
    const stream = this.stream = new AbortController();
    const opened = Date.now();
    let timer;
    const alive = () => {
      this.heard = Date.now();
      clearTimeout(timer);
      timer = setTimeout(() => stream.abort(), QUIET);
    };
    try {
      const { owner, messages } = await (await this.call(`messages?after=${this.last}`)).json();
      this.take(messages, { owner });
      if (this.stopped) return 0;
      const response = await this.call(`events?after=${this.last}`, { signal: stream.signal });
      this.take([], { line: 'live' });
      this.resend();
      alive();
      await follow(response, (event, data) => this.event(event, data), alive).catch(() => {});
      if (Date.now() - opened > STALE) this.tries = 0;
    } catch ({ kind = 'server', wait }) {
      this.end(kind);
      if (!this.over && (this.tries || kind !== 'offline')) this.change({ line: kind });
      return wait ?? 0;
    } finally {
      clearTimeout(timer);
    }
    return 0;
  }

  event(event, data) {
    if (event === 'typing') this.change({ typing: data.typing && data.author });
    else if (event === 'waiting') this.change({ wait: data });
    else this.take(event === 'message' ? [data] : [], event === 'owner' && data);
  }

  take(list, state) {
    if (this.stopped) return;
    const fresh = list.filter(({ seq }) => !this.messages.some((known) => known.seq === seq));
    const news = fresh.filter(({ author, seq }) => author !== 'customer' && seq > this.seen);
    this.messages = [...this.messages, ...fresh].sort((a, b) => a.seq - b.seq);
    this.outbox = this.outbox.filter(({ id }) => !fresh.some((message) => message.id === id));
    if (news.some(({ author }) => author === this.typing)) this.typing = null;
    this.seen = Math.max(this.seen, this.last);
    this.change(state);
    if (news.length) this.chat.arrived(news);
  }

  end(kind) {
    if (!/over|damaged/.test(kind)) return;
    this.stop();
    this.outbox.forEach((item) => Object.assign(item, { state: 'failed', problem: 'over' }));
    this.change({ id: null, over: true, line: kind });
  }

  change(state) {
    Object.assign(this, state);
    if (this.owner !== 'waiting') this.wait = null;
    this.chat.changed();
  }
}
