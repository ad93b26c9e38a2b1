/** "Your data": what is known and allowed, and what the customer can do about it. Loaded when it is opened. */
import { request } from './conversation.js';
import { button, h, icon, style } from './dom.js';
import words from './texts/data.js';
import { fill, link } from './view.js';

const day = (time, language) => new Date(time).toLocaleString(language, { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' });

export async function data(chat) {
  const root = chat.host.shadowRoot;
  if (!root.querySelector('[href$="data.css"]')) await style(root, 'data.css');
  if (!root.querySelector('dialog.data')) new Panel(chat);
}

/** A modal dialog over the chat: the browser keeps the focus inside (WCAG 2.4.3, 2.1.2). */
class Panel {
  constructor(chat) {
    const { language, shadowRoot } = chat.host;
    Object.assign(this, { chat, language, texts: words[language], ended: new AbortController() });
    const { texts, ended: { signal } } = this;
    this.title = h('h2', { id: 'data-title', tabindex: -1 }, texts.title);
    this.told = h('p', { class: 'told-now', role: 'status' });
    this.sheet = h('div', { class: 'sheet' });
    this.dialog = h('dialog', {
      class: 'data',
      lang: language,
      'aria-labelledby': 'data-title',
      keydown: (event) => event.stopPropagation(), // no shortcuts of the page
      close: () => this.dialog.open || this.gone(),
    }, h('div', { class: 'top' }, h('div', { class: 'names' }, this.title),
      button({ class: 'round', 'aria-label': texts.close, title: texts.close, click: () => this.dialog.close() }, icon('M6 6l12 12M18 6L6 18'))),
    this.told, this.sheet);
    shadowRoot.append(this.dialog);
    // The chat is shown anew when the phone is turned, and would lie over this.
    chat.phone.addEventListener('change', () => { this.dialog.close(); this.dialog.showModal(); }, { signal });
    chat.dialog.addEventListener('close', () => chat.dialog.open || this.dialog.close(), { signal });
    this.dialog.showModal();
    this.title.focus();
    this.sheet.append(h('p', { class: 'quiet' }, texts.loading));
    this.act(() => {});
  }

  gone() {
    this.ended.abort();
    this.dialog.remove();
    this.chat.top.element.querySelector('.more').focus();
  }

  /** Do something, look at what is so now, and tell; the focus goes where the customer was. */
  async act(work, said = '', id = null) {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
      await this.load();
      this.wrong = false;
      this.say(said);
    } catch ({ message }) {
      this.wrong ??= true; // nothing was ever seen
      this.say(message || this.texts.failed);
    }
    this.busy = false;
    this.render(id);
  }

  say(text) {
    this.told.textContent = text;
  }

  async load() {
    const { conversation } = this.chat;
    const get = async (path) => (await conversation.call(`${path}?language=${this.language}`)).json();
    this.found = null;
    if (!conversation.id) return;
    const [data, { consents }, { receipts }] = await Promise.all(['data', 'consents', 'receipts'].map(get));
    this.found = { data, consents, receipts };
  }

  async post(path, body) {
    const { conversation } = this.chat;
    if (!conversation.id) await conversation.open();
    await conversation.call(`${path}?language=${this.language}`, { body });
  }

  render(id) {
    const { found, texts } = this;
    const parts = this.wrong ? [this.press('again', texts.again, () => {})]
      : found ? [this.ai(found.data), this.allow(found.consents), this.receipts(found.receipts), this.known(found.data), this.erase()]
        : [h('p', {}, texts.nothing), this.ai({ opted_out: false })];
    this.sheet.replaceChildren(...parts, this.links());
    if (id) (this.sheet.querySelector(`#${id}`) ?? this.title).focus();
  }

  section(name, ...parts) {
    return h('section', { 'aria-labelledby': `data-${name}` }, h('h3', { id: `data-${name}` }, this.texts[name]), ...parts);
  }

  /** A button that does something; `id` is where the focus stays. */
  press(id, text, work, said, to = id) {
    return button({ id, class: 'pill', click: () => this.act(work, said, to) }, text);
  }

  known({ messages, minutes, days, signed_in: signedIn, orders }) {
    const { texts } = this;
    return this.section('known', h('ul', {}, ...[
      `${fill(texts.messages, { n: messages })}. ${fill(days ? texts.days : texts.minutes, { days, minutes })}`,
      signedIn ? texts.signedIn : texts.notSignedIn,
      ...orders.length ? [] : [texts.noOrders],
    ].map((line) => h('li', {}, line)), orders.length ? h('li', {}, texts.orders, ...orders.map((each) => h('span', { class: 'whole' }, each))) : ''));
  }

  ai({ opted_out: out, remembered }) {
    const { texts } = this;
    const change = this.press('ai', out ? texts.useAI : texts.noAI,
      () => this.post('opt-out', { opted_out: !out }), out ? texts.nowWithAI : texts.nowWithoutAI);
    return this.section('ai', h('p', {}, out ? texts.withoutAI : texts.withAI),
      out ? h('p', { class: 'quiet' }, remembered ? texts.remembered : texts.here) : '', h('div', { class: 'choices' }, change));
  }

  allow(consents) {
    return this.section('allow', ...consents.map((each) => this.purpose(each)));
  }

  /** Yes and no look alike, and each is one press (GDPR art. 7(3)). */
  purpose({ purpose, state, since, title, question, yes, no, without, data, retention, legal_basis: basis }) {
    const { texts } = this;
    const answer = (given) => [() => this.post('consents', { purpose, given }), fill(given ? texts.given : texts.taken, { title }), purpose];
    const asked = state === 'not_asked';
    const buttons = state === 'given' ? [this.press(purpose, texts.takeBack, ...answer(false))]
      : [this.press(purpose, yes, ...answer(true)), asked ? this.press(`${purpose}-no`, no, ...answer(false)) : ''];
    const terms = { data: data.join(', '), retention, basis: texts.bases[basis], without };
    return h('div', { class: `card ${state}` }, h('h4', {}, title),
      h('p', { class: 'quiet' }, state === 'given' ? icon('M5 12l5 5 9-9') : '', fill(texts.states[state], { time: since && day(since, this.language) })),
      state === 'given' ? '' : h('p', {}, question),
      h('div', { class: 'choices' }, ...buttons),
      h('details', {}, h('summary', {}, texts.more),
        h('dl', {}, ...Object.entries(terms).map(([name, text]) => h('div', {}, h('dt', {}, texts[name]), h('dd', {}, text))))));
  }

  receipts(list) {
    const { texts } = this;
    const rows = list.map(({ title, time, page, download }) => {
      const when = day(time, this.language);
      const to = (action, href) => {
        const found = link(href, texts[action], this.chat.host.api);
        found.setAttribute('aria-label', fill(texts.receipt, { action: texts[action], title, time: when }));
        return found;
      };
      return h('li', {}, h('span', {}, title, h('span', { class: 'quiet' }, when)), to('read', page), to('download', download));
    });
    return this.section('receipts', list.length ? h('ul', { class: 'rows' }, ...rows) : h('p', { class: 'quiet' }, texts.noReceipts));
  }

  erase() {
    const { texts, chat } = this;
    const gone = async () => {
      const { api, id, token } = chat.conversation;
      await request(`${api}conversations/${id}`, { token, method: 'DELETE' });
      chat.left = null; // nothing to ask about
      chat.restart();
    };
    const ask = (sure, id) => { this.sure = sure; this.say(''); this.render(id); };
    const buttons = this.sure
      ? [this.press('yes', texts.yes, async () => { await gone(); this.sure = false; }, texts.erased, 'ai'), button({ id: 'no', class: 'pill', click: () => ask(false, 'erase') }, texts.no)]
      : [button({ id: 'erase', class: 'pill', click: () => ask(true, 'no') }, texts.eraseNow)];
    return this.section('erase', h('p', { id: 'data-sure' }, this.sure ? texts.sure : texts.erasing), h('p', { class: 'quiet' }, texts.left), h('div', { class: 'choices' }, ...buttons));
  }

  links() {
    const { texts, language, chat: { host } } = this;
    const pages = { how: 'how-it-works', privacy: 'privacy' };
    return h('p', { class: 'pages' }, ...Object.entries(pages).map(([name, page]) => link(`../${page}?language=${language}`, texts[name], host.api)));
  }
}
