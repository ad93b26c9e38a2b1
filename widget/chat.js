/** The open chat. */
import { Conversation } from './conversation.js';
import { button, h, style } from './dom.js';
import { authorOf, colleague, composer, fill, messageList, notice, reason, top } from './view.js';

const NEAR = 80; // px
const SPOKEN = 5000; // ms
const textsOf = async (language) => (await import(`./texts/${language}.js`)).default;

export async function start(host) {
  const [texts] = await Promise.all([textsOf(host.language), style(host.shadowRoot, 'chat.css')]);
  return new Chat(host, texts);
}

class Chat {
  constructor(host, texts) {
    Object.assign(this, { host, texts });
    this.dialog = h('dialog', {
      'aria-labelledby': 'title',
      keydown: (event) => this.key(event),
      cancel: (event) => this.escape(event),
      close: () => this.dialog.open || this.close(),
    });
    [this.inside, this.outside] = [0, 1].map(() => h('div', { class: 'unseen live', 'aria-live': 'polite' }));
    host.shadowRoot.append(this.dialog, this.outside);
    this.phone = matchMedia('(max-width: 480px)');
    this.phone.addEventListener('change', () => this.dialog.open && this.show());
    visualViewport.addEventListener('resize', () => this.measure());
    addEventListener('online', () => this.conversation.nudge());
    addEventListener('offline', () => this.conversation.lost());
    document.addEventListener('visibilitychange', () => document.hidden || this.conversation.nudge());
    this.begin();
  }

  begin() {
    this.conversation = new Conversation(this.host.api, this.host.kept(), this);
    this.unread = 0;
    this.build();
    this.conversation.start();
  }

  async about() {
    return { language: this.host.language, identity: this.host.getAttribute('identity') ?? undefined, after: this.after, ...(this.dialog.open && { notice: await this.notice.told }) };
  }

  failed(item) {
    this.say(`${this.texts.failed} ${reason(item, this.texts)}`);
  }

  build() {
    const { texts, host, dialog } = this;
    const draft = this.composer?.box.value ?? '';
    this.other = host.language === 'nl' ? 'en' : 'nl';
    this.top = top(texts, host.getAttribute('name'), this.other, this);
    this.notice = notice(host.api, texts, host.language);
    this.list = messageList(texts, host.language, this);
    this.typing = h('p', { class: 'typing' });
    this.log = h('div', { class: 'log', role: 'region', 'aria-label': texts.log, tabindex: 0, scroll: () => { this.newer.hidden ||= this.atEnd; } }, this.notice, this.list.element, this.typing);
    this.newer = button({ class: 'pill newer', hidden: '', click: () => this.toEnd(this.log.focus()) }, texts.newer);
    this.banner = h('div', { class: 'banner' });
    this.composer = composer(texts, this);
    this.composer.write(draft);
    this.shown = this.passing = this.folded = null;
    dialog.lang = host.language;
    dialog.setAttribute('aria-describedby', 'notice');
    dialog.replaceChildren(this.top.element, this.log, h('div', { class: 'foot' }, this.newer, this.banner, this.composer.element), this.inside);
    this.render();
    if (this.conversation.started) this.toEnd();
  }

  changed() {
    const { id, token, seen, outbox, started, over } = this.conversation;
    if (over) this.keep(null);
    else if (started) this.keep({ id, token, seen, outbox });
    this.render();
  }

  /** Never before the first send. Null forgets. */
  keep(state) {
    try {
      if (state) sessionStorage.setItem(this.host.api, JSON.stringify({ ...this.host.kept(), ...state }));
      else sessionStorage.removeItem(this.host.api);
    } catch { /* refused: it lives with the page */ }
  }

  render() {
    const { texts, atEnd, conversation: { items, started, owner, over, typing } } = this;
    const name = items.findLast(colleague)?.name ?? texts.aColleague;
    const state = over ? 'over' : owner;
    if (started && !this.folded) {
      this.notice.open = !(this.folded = true);
      this.dialog.removeAttribute('aria-describedby');
    }
    this.list.update(items);
    this.top.element.className = `top ${owner}`;
    this.top.status.textContent = fill(texts.owner[state], { name });
    this.typing.hidden = !typing || over;
    this.typing.replaceChildren(h('i'), h('i'), h('i'), typing ? fill(texts.typing[typing], { name }) : '');
    this.composer.field.hidden = over;
    this.status();
    if (atEnd && started) this.toEnd();
    if (owner !== 'assistant' || this.people || this.host.kept().ask) this.more('people', 'update');
  }

  /** A count is said once. */
  status() {
    const { texts, conversation: { over, held, line } } = this;
    const n = Math.ceil((held - Date.now()) / 1000);
    const state = line === 'damaged' ? line : over ? 'over' : n > 0 ? 'fast' : { live: '', offline: 'offline' }[line] ?? 'server';
    const { name, buttons } = this.passing ?? { name: state, buttons: over ? ['restart'] : [] };
    const text = name && fill(texts[name], { n });
    clearTimeout(this.tick);
    if (n > 0) this.tick = setTimeout(() => this.status(), 1000);
    if (name !== this.shown) {
      this.banner.className = `banner ${name}`;
      this.banner.hidden = !name;
      this.banner.replaceChildren(h('p'), ...buttons.map((each) => button({ class: `pill ${each}`, click: () => this[each]() }, texts[each])));
      if (name) this.say(text);
    }
    this.banner.firstChild.textContent = text;
    this.shown = name;
  }

  pass(name, buttons = []) {
    this.passing = name && { name, buttons };
    clearTimeout(this.fading);
    if (name && !buttons.length) this.fading = setTimeout(() => this.pass(), SPOKEN);
    this.status();
  }

  /** Once, then gone (WCAG 4.1.3). */
  say(text, lang = this.host.language) {
    const words = h('p', { lang }, text);
    (this.dialog.open ? this.inside : this.outside).append(words);
    setTimeout(() => words.remove(), SPOKEN);
  }

  arrived(messages) {
    const { texts, atEnd } = this;
    for (const message of messages) {
      const choices = message.choices?.map(({ title }) => title).join(', ');
      this.say(`${authorOf(message, texts)}: ${message.text}${choices ? ` ${texts.choices}: ${choices}` : ''}`, message.language);
    }
    if (this.dialog.open) this.newer.hidden = atEnd;
    else this.count(this.unread + messages.length);
  }

  count(n) {
    const { badge } = this.host;
    this.unread = n;
    badge.hidden = !n;
    badge.replaceChildren(h('span', { 'aria-hidden': true }, n), h('span', { class: 'unseen' }, fill(this.texts.unread, { n })));
  }

  get atEnd() {
    return [this.log, this.dialog].every((box) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR);
  }

  toEnd() {
    this.log.scrollTop = this.dialog.scrollTop = 1e9;
  }

  send(what) {
    this.keep({ language: this.host.language, open: true });
    this.conversation.send(what);
    this.toEnd();
  }

  retry(item) {
    this.log.focus();
    this.conversation.retry(item);
  }

  edit(item) {
    this.conversation.takeBack(item);
    this.composer.write(item.text);
    this.composer.box.focus();
  }

  person() {
    if (this.conversation.over) this.restart();
    this.send({ person: true, text: this.texts.wantPerson });
  }

  no() {
    this.pass();
    this.composer.box.focus();
  }

  restart() {
    const unsent = this.conversation.outbox.filter(({ state }) => state === 'failed').map(({ text }) => text);
    this.after = this.conversation.line === 'damaged' ? 'damaged' : undefined;
    this.conversation.stop();
    this.keep(null);
    this.begin();
    if (unsent.length) this.composer.write(unsent.join('\n'));
    this.composer.box.focus();
  }

  /** What is loaded when it is needed. */
  more(file, what) {
    import(`./${file}.js`).then((module) => module[what](this), () => this.pass('offline'));
  }

  async translate() {
    const texts = await textsOf(this.other).catch(() => null);
    if (!texts) return this.pass('offline');
    this.texts = texts;
    this.host.speak(this.other);
    const { conversation, other: language } = this;
    if (conversation.started) this.keep({ language });
    if (conversation.id) conversation.call('notices', { body: { language } }).catch(() => {});
    this.build();
    this.top.tongue.focus();
  }

  key(event) {
    event.stopPropagation(); // no shortcuts of the page
    if (event.key === 'Escape' && !event.isComposing) this.escape(event);
  }

  escape(event) {
    event.preventDefault();
    if (this.top.show(false)) return;
    if (this.passing?.buttons.length) this.no();
    else this.close();
  }

  /** Modal on phones (WCAG 2.4.11). */
  show() {
    const focused = this.host.shadowRoot.activeElement;
    this.dialog.close();
    if (this.phone.matches) this.dialog.showModal();
    else this.dialog.setAttribute('open', ''); // takes no focus
    focused?.focus();
    this.measure();
  }

  /** Phones' keyboards cover the page. */
  measure() {
    const { scale, height } = visualViewport;
    if (scale === 1) this.dialog.style.setProperty('--height', `${height}px`);
  }

  open(focus) {
    const { host, dialog, conversation } = this;
    if (dialog.open) return;
    this.count(0);
    host.button.hidden = true;
    this.show();
    host.setAttribute('open', '');
    if (conversation.started) this.toEnd(this.keep({ open: true }));
    if (focus) (matchMedia('(hover: hover)').matches ? this.composer.box : this.top.title).focus();
  }

  close() {
    const { host } = this;
    this.dialog.close();
    if (!host.hasAttribute('open')) return;
    host.removeAttribute('open');
    if (this.conversation.started) this.keep({ open: false });
    host.button.hidden = false;
    host.button.focus();
  }
}
