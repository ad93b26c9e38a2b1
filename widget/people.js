/** Waiting for a colleague, talking to one, and how that was. Loaded when it is needed. */
import { button, h, icon, style } from './dom.js';
import { Rating } from './rating.js';
import words from './texts/people.js';
import { colleague, fill } from './view.js';

const QUIET = 30_000; // ms from one spoken place in line to the next
const TYPES = 3000; // ms from one sign that the customer types to the next

export async function update(chat) {
  chat.people ??= style(chat.host.shadowRoot, 'people.css').then(() => new People(chat));
  (await chat.people).update();
}

/** Start again? Then how it was is asked of what is left. */
export function ask(chat) {
  if (!chat.conversation.started) return;
  chat.left = chat.conversation;
  update(chat);
  chat.pass('sure', ['restart', 'no']);
  chat.banner.querySelector('button').focus();
}

class People {
  typed = 0;
  until = 0; // no place in line is spoken before

  constructor(chat) {
    this.chat = chat;
    this.place = h('strong');
    this.long = h('p');
    this.instead = h('div', { class: 'choices', role: 'group' });
    this.panel = h('section', { class: 'wait' }, icon('M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2'), h('div', {}, this.place, this.long), this.instead);
    this.aside = h('div', {}, this.panel);
    this.asks = chat.host.kept().ask ?? null; // 'later', 'now'
    this.of = chat.conversation;
    chat.dialog.addEventListener('input', ({ target }) => target === chat.composer.box && this.types());
  }

  update() {
    const { chat } = this;
    const { host, conversation, composer, atEnd } = chat;
    const { owner, items, over, wait } = conversation;
    const focused = host.shadowRoot.activeElement;
    const texts = this.texts = words[host.language];
    const name = items.findLast(colleague)?.name ?? chat.texts.aColleague;
    if (this.aside.nextSibling !== composer.element) composer.element.before(this.aside);
    this.wait(over ? null : wait, items);
    this.wonder(conversation, name);
    chat.dialog.classList.toggle('served', !this.panel.hidden || owner === 'employee');
    composer.box.placeholder = fill(texts.hints[owner] ?? chat.texts.hint, { name });
    if (focused && !focused.checkVisibility()) chat.log.focus();
    if (atEnd) chat.toEnd();
  }

  /** Where they stand, and what they can do instead: the choices of what we said last. */
  wait(wait, items) {
    const { chat: { list }, texts, panel } = this;
    const at = items.findLastIndex(({ author, choices }) => author === 'system' && choices?.[0]);
    const line = wait && items[at];
    [...list.element.children].forEach((row, i) => row.classList.toggle('line', !!line && i === at));
    panel.hidden = !line;
    if (!line) {
      clearTimeout(this.later);
      this.told = null;
      this.offer([]);
      return;
    }
    const said = items.slice(at).some(({ author, text }) => author === 'customer' && line.choices.some(({ title }) => title === text));
    panel.setAttribute('aria-label', texts.waiting);
    this.instead.setAttribute('aria-label', texts.instead);
    this.place.textContent = placeOf(wait, texts);
    this.long.textContent = longOf(wait, texts);
    this.offer(said ? [] : line.choices);
    this.tell(line);
  }

  /** Once for each time that a colleague helped, and for the assistant when the customer begins anew. */
  wonder(conversation, name) {
    const { chat, rating } = this;
    if (this.of !== conversation) {
      this.of = conversation;
      this.asks = null;
      const { left } = chat;
      if (left && !left.over && left.owner === 'assistant' && left.messages.some(({ author }) => author === 'assistant')) this.question(left, 'assistant');
    }
    const { owner, over } = conversation;
    const asks = over || owner === 'waiting' ? null : owner === 'employee' ? 'later' : this.asks && 'now';
    if (asks !== this.asks && !over) chat.keep({ ask: asks });
    this.asks = asks;
    const mine = rating?.conversation === conversation;
    if (asks === 'now' && !mine && conversation.last) this.question(conversation, 'employee', name);
    else if (mine && asks !== 'now') this.close();
    else if (rating && rating.language !== chat.host.language) this.question(rating.conversation, rating.about, name);
  }

  question(conversation, about, name) {
    this.rating?.element.remove();
    this.rating = new Rating(this.chat, conversation, about, name, () => {
      this.close();
      if (conversation === this.of) this.chat.keep({ ask: this.asks = null });
      this.chat.composer.box.focus();
    });
    this.aside.append(this.rating.element);
  }

  close() {
    this.rating.element.remove();
    this.rating = null;
  }

  offer(choices) {
    const key = choices.map(({ choice }) => choice).join();
    if (key === this.offered) return;
    this.offered = key;
    this.instead.replaceChildren(...choices.map(({ choice, title }) => button({ class: 'plain', dir: 'auto', click: () => this.chat.send({ choice, text: title }) }, title)));
  }

  /** Not when only minutes change, nor while we say it ourselves, nor too often (WCAG 4.1.3). */
  tell(line) {
    const { chat, place, long } = this;
    clearTimeout(this.later);
    if (place.textContent === this.told) return;
    const wait = this.until - Date.now();
    if (wait > 0) this.later = setTimeout(() => this.tell(line), wait);
    else {
      if (this.told || ![chat.inside, chat.outside].some(({ textContent }) => textContent.includes(line.text))) chat.say(`${place.textContent}. ${long.textContent}`);
      this.told = place.textContent;
      this.until = Date.now() + QUIET;
    }
  }

  types() {
    const { conversation } = this.chat;
    if (conversation.owner !== 'employee' || Date.now() - this.typed < TYPES) return;
    this.typed = Date.now();
    conversation.call('typing', { body: {} }).catch(() => {});
  }
}

function placeOf({ ahead, wait }, texts) {
  if (wait === 'nobody_present') return texts.nobody;
  return ahead ? fill(texts.ahead, { n: ahead }) : texts.next;
}

function longOf({ wait }, texts) {
  if (wait === 'nobody_present') return texts.stay;
  if (!wait.high && wait.high !== 0) return texts.unknown;
  if (wait.high <= 1) return texts.soon;
  return fill(!wait.low ? texts.upTo : wait.low === wait.high ? texts.about : texts.between, wait);
}
