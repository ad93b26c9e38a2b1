/** The chat, loaded when it is opened: brings conversation, panel and host element together. */
import { Conversation } from './conversation.js';
import { button, h, icon, style } from './dom.js';
import { composer, notice, top } from './frame.js';
import { authorOf, fill, messageList, reason, transcript } from './messages.js';

const NEAR = 80; // px from the end: who reads there wants to see what comes
const SPOKEN = 4000; // ms: a screen reader has taken the words over by then
const SHOWN = 5000; // ms that a passing message stays

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
      cancel: (event) => { event.preventDefault(); this.escape(); },
      close: () => { if (!this.dialog.open) this.close(); },
    });
    // Two live regions: a modal dialog silences what is outside it, a closed one what is inside.
    [this.inside, this.outside] = [0, 1].map(() => h('div', { class: 'unseen live', 'aria-live': 'polite' }));
    host.shadowRoot.append(this.dialog, this.outside);
    this.phone = matchMedia('(max-width: 480px)');
    this.phone.addEventListener('change', () => this.dialog.open && this.show());
    window.visualViewport.addEventListener('resize', () => this.measure());
    window.addEventListener('online', () => this.conversation.nudge());
    window.addEventListener('offline', () => this.conversation.lost());
    document.addEventListener('visibilitychange', () => document.hidden || this.conversation.nudge());
    this.begin();
  }

  begin() {
    const { host } = this;
    const about = () => ({ language: host.language, identity: host.getAttribute('identity') ?? undefined });
    const conversation = this.conversation = new Conversation(host.api, host.kept(), about);
    conversation.addEventListener('change', () => this.changed());
    conversation.addEventListener('arrival', ({ detail }) => this.arrived(detail));
    conversation.addEventListener('failure', ({ detail }) => this.say(`${this.texts.failed} ${reason(detail, this.texts)}`));
    this.passing = null;
    this.unread = 0;
    this.build();
    this.start();
  }

  start() {
    this.conversation.start();
  }

  stop() {
    this.conversation.stop();
  }

  /** Everything inside the dialog, in the language of now. */
  build() {
    const { texts, host } = this;
    const draft = this.composer?.box.value ?? '';
    this.other = host.language === 'nl' ? 'en' : 'nl';
    this.top = top(texts, host.getAttribute('name'), this.other, this);
    this.notice = notice(host.api, texts, host.language);
    this.list = messageList(texts, host.language, this);
    this.typing = h('p', { class: 'typing' });
    this.log = h('div', { class: 'log', role: 'region', 'aria-label': texts.log, tabindex: 0, scroll: () => { this.newer.hidden ||= this.atEnd; } }, this.notice, this.list.element, this.typing);
    this.newer = button({ class: 'pill newer', hidden: '', click: () => this.toEnd(this.log.focus()) }, icon('M12 5v14M6 13l6 6 6-6'), texts.newer);
    this.banner = h('div', { class: 'banner' });
    this.shown = null;
    this.composer = composer(texts, this);
    this.composer.write(draft);
    this.dialog.lang = host.language;
    this.dialog.replaceChildren(this.top.element, this.log, h('div', { class: 'foot' }, this.newer, this.banner, this.composer.element), this.inside);
    this.folded = false;
    this.render();
    if (this.conversation.started) this.toEnd();
  }

  changed() {
    const { id, token, seen, outbox, started } = this.conversation;
    if (started) this.keep({ id, token, seen, outbox });
    this.render();
  }

  /** Adds to what this tab keeps; null forgets it. Nothing calls this before the first send. */
  keep(state) {
    try {
      if (state) sessionStorage.setItem(this.host.api, JSON.stringify({ ...this.host.kept(), ...state }));
      else sessionStorage.removeItem(this.host.api);
    } catch { /* refused: the conversation lives as long as the page */ }
  }

  render() {
    const { items, started, owner, over, typing } = this.conversation;
    const { texts, atEnd } = this;
    const name = items.findLast((item) => item.author === 'employee')?.name ?? texts.anEmployee;
    if (started && !this.folded) this.notice.open = !(this.folded = true);
    if (started) this.dialog.removeAttribute('aria-describedby');
    else this.dialog.setAttribute('aria-describedby', 'notice');
    this.list.update(items);
    this.top.element.className = `top ${owner}`;
    this.top.status.textContent = fill(texts.owner[owner], { name });
    this.typing.hidden = !typing || over;
    this.typing.replaceChildren(h('i'), h('i'), h('i'), typing ? fill(texts.typing[typing], { name }) : '');
    this.composer.field.hidden = over;
    this.status();
    if (atEnd && started) this.toEnd();
  }

  /** The one line that says how things stand. A count that goes on is seen, but not said again. */
  status() {
    const { texts, conversation: { over, held, line } } = this;
    const n = Math.ceil((held - Date.now()) / 1000);
    const state = over ? 'over' : n > 0 ? 'fast' : { live: '', offline: 'offline' }[line] ?? 'server';
    const { name, text, buttons } = this.passing ?? { name: state, text: state && fill(texts[state], { n }), buttons: over ? ['restart'] : [] };
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

  /** Says it to screen readers, once: the region is emptied, so that nobody stumbles over it while reading. */
  say(text, lang = this.host.language) {
    const words = h('p', { lang }, text);
    (this.dialog.open ? this.inside : this.outside).append(words);
    setTimeout(() => words.remove(), SPOKEN);
  }

  /** Shows and says something that goes by itself, unless it asks something. */
  pass(name, buttons = []) {
    this.passing = { name, text: this.texts[name], buttons };
    clearTimeout(this.fading);
    if (!buttons.length) this.fading = setTimeout(() => this.unpass(), SHOWN);
    this.status();
  }

  unpass() {
    this.passing = null;
    this.status();
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

  /** What came while the chat was closed, on the button. */
  count(n) {
    this.unread = n;
    this.host.badge.hidden = !n;
    this.host.badge.replaceChildren(h('span', { 'aria-hidden': true }, n), h('span', { class: 'unseen' }, fill(this.texts.unread, { n })));
  }

  get atEnd() {
    return [this.log, this.dialog].every((box) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR);
  }

  toEnd() {
    for (const box of [this.log, this.dialog]) box.scrollTop = box.scrollHeight;
  }

  send(what) {
    this.keep({ language: this.host.language, open: true });
    this.conversation.send(what);
    this.toEnd();
  }

  choose({ choice, title }) {
    this.send({ choice, text: title });
  }

  retry(item) {
    this.log.focus(); // the button goes
    this.conversation.retry(item);
  }

  edit(item) {
    this.conversation.takeBack(item);
    this.composer.write(item.text);
    this.composer.box.focus();
  }

  /** A person can be asked for in every state, also when a conversation is over. */
  person() {
    if (this.conversation.over) this.restart();
    this.send({ text: this.texts.wantPerson });
  }

  ask() {
    if (!this.conversation.started) return;
    this.pass('sure', ['restart', 'no']);
    this.banner.querySelector('button').focus();
  }

  no() {
    this.unpass();
    this.composer.box.focus();
  }

  /** A new conversation. What could not be sent in the old one can be sent in it. */
  restart() {
    const unsent = this.conversation.outbox.filter(({ state }) => state === 'failed').map(({ text }) => text);
    this.conversation.stop();
    this.keep(null);
    this.begin();
    if (unsent.length) this.composer.write(unsent.join('\n'));
    this.composer.box.focus();
  }

  transcript() {
    return transcript(this.conversation.items, this.texts, this.host.language);
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.transcript());
      this.pass('copied');
    } catch { // refused, or plain http
      this.pass('notCopied');
    }
  }

  download() {
    const href = URL.createObjectURL(new Blob([this.transcript()]));
    h('a', { href, download: this.texts.file }).click();
    setTimeout(() => URL.revokeObjectURL(href), SHOWN);
  }

  async translate() {
    const texts = await textsOf(this.other).catch(() => null);
    if (!texts) return this.pass('offline');
    this.texts = texts;
    this.host.speak(this.other);
    if (this.conversation.started) this.keep({ language: this.other });
    this.build();
    this.top.tongue.focus();
  }

  key(event) {
    event.stopPropagation(); // shortcuts of the page are not meant for who types here
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    this.escape();
  }

  /** Out of the menu, out of a question, or out of the chat. */
  escape() {
    if (this.top.show(false)) return;
    if (this.passing?.buttons.length) this.no();
    else this.close();
  }

  /** Beside the page; on a phone or at 400 % zoom instead of it, and then modal, so that focus is never behind it. */
  show() {
    const focused = this.host.shadowRoot.activeElement;
    this.dialog.close();
    if (this.phone.matches) this.dialog.showModal();
    else this.dialog.setAttribute('open', ''); // show() would take the focus
    focused?.focus();
    this.measure();
  }

  /** A phone's keyboard covers the page without resizing it. Pinching is no keyboard. */
  measure() {
    const { scale, height } = window.visualViewport;
    if (scale === 1) this.dialog.style.setProperty('--height', `${height}px`);
  }

  open(focus) {
    if (this.dialog.open) return;
    this.count(0);
    this.host.button.hidden = true;
    this.show();
    this.host.setAttribute('open', '');
    if (this.conversation.started) this.toEnd(this.keep({ open: true }));
    if (focus) (matchMedia('(hover: hover)').matches ? this.composer.box : this.top.title).focus();
  }

  close() {
    this.dialog.close();
    if (!this.host.hasAttribute('open')) return;
    this.host.removeAttribute('open');
    if (this.conversation.started) this.keep({ open: false });
    this.host.button.hidden = false;
    this.host.button.focus();
  }
}
