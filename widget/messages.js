/** The messages in view, and the same as plain text. Rows are updated in place: focus and reading position stay. */
import { button, h, icon } from './dom.js';

const GROUP = 300_000; // ms of silence that ends a group
const ADDRESS = /https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?()[\]]/gi;

/** fill('{n} left', {n: 3}). A pair is [one, more], chosen by n. */
export function fill(text, values) {
  const chosen = Array.isArray(text) ? text[values.n === 1 ? 0 : 1] : text;
  return chosen.replace(/{(\w+)}/g, (_, name) => values[name]);
}

/** Who speaks: never by colour or side alone (WCAG 1.4.1), and an AI is always called one. */
export function authorOf({ author, name }, texts) {
  const label = texts.authors[author];
  return name && name !== label && author !== 'customer' ? `${name} · ${label}` : label;
}

/** Why a message was not sent: in the gateway's words if it gave any. */
export const reason = (item, texts) => item.reason || texts.problems[item.problem];

const show = (time, language, dateStyle) => new Date(time).toLocaleString(language, { timeStyle: 'short', hourCycle: 'h23', ...(dateStyle && { dateStyle }) });

export function transcript(items, texts, language) {
  const lines = items.map((item) => `[${show(item.time, language, 'medium')}] `
    + `${authorOf(item, texts)}: ${item.text}${item.state === 'failed' ? ` (${texts.failed})` : ''}\n`);
  return [texts.transcript, '', ...lines].join('\n');
}

/** A link beside the page; the words alone when the address is not http(s). */
export function link(address, words = address, base = undefined) {
  const url = URL.parse(address, base);
  return url?.protocol.startsWith('http') ? h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, words) : words;
}

/** Addresses become links; everything else stays text, whatever it looks like. */
function linked(text) {
  const addresses = text.match(ADDRESS) ?? [];
  return text.split(ADDRESS).flatMap((part, at) => (at ? [link(addresses[at - 1]), part] : part));
}

const together = (a, b) => a?.author === b?.author && a?.name === b?.name && Date.parse(b?.time) - Date.parse(a?.time) < GROUP;

/** `act`: choose(choice), retry(item), edit(item). */
export function messageList(texts, language, act) {
  const element = h('ol', { role: 'list' });
  const rows = new Map();

  function row({ author, name, text, choices = [], language: lang }) {
    const who = h('p', { class: 'who' }, authorOf({ author, name }, texts));
    const meta = h('p', { class: 'meta' });
    const buttons = choices.map((choice) => button({ class: 'pill', click: () => made.open && act.choose(choice) }));
    const made = { who, meta, buttons, element: h('li', { class: author }, who, h('div', { class: 'bubble', dir: 'auto', ...(lang && { lang }) }, ...linked(text))) };
    if (buttons.length) made.element.append(h('div', { class: 'choices', role: 'group', 'aria-label': texts.choices }, ...buttons));
    made.element.append(meta);
    return made;
  }

  /** Once answered, choices stay to be read: the chosen one is marked, none can be pressed. */
  function settle(made, choices, answer) {
    if (made.open === !answer) return;
    made.open = !answer;
    made.buttons.forEach((one, at) => {
      const { choice, title } = choices[at];
      const chosen = answer && (answer.choice ? answer.choice === choice : answer.text === title);
      one.setAttribute('aria-disabled', !made.open);
      one.classList.toggle('chosen', Boolean(chosen));
      one.replaceChildren(...(chosen ? [icon('M5 12l5 5 9-9'), h('span', { class: 'unseen' }, `${texts.chosen}: `)] : []), h('span', { dir: 'auto' }, title));
    });
  }

  function describe(item, timed, lastOwn) {
    if (item.state === 'sending') return [texts.sending];
    if (item.state === 'failed') {
      const name = /long|refused/.test(item.problem) ? 'edit' : 'retry';
      const again = item.problem === 'gone' ? '' : button({ class: 'plain', click: () => act[name](item) }, texts[name]);
      return [h('strong', {}, texts.failed), ` ${reason(item, texts)} `, again];
    }
    const today = new Date(item.time).toDateString() === new Date().toDateString();
    const time = h('time', { datetime: item.time }, show(item.time, language, !today && 'medium'));
    return lastOwn ? [time, ` · ${texts.sent}`] : timed ? [time] : [];
  }

  function update(items) {
    const keys = items.map((item) => item.id ?? item.seq);
    for (const [key, made] of rows) {
      if (!keys.includes(key) && rows.delete(key)) made.element.remove();
    }
    const lastOwn = items.findLast(({ author }) => author === 'customer');
    let answer; // what the customer said next: we come from the end
    let next = null;
    for (let at = items.length; at--;) {
      const item = items[at];
      const made = rows.get(keys[at]) ?? row(item);
      const first = !together(items[at - 1], item);
      const timed = item.author !== 'system' && !together(item, items[at + 1]);
      const look = [item.state, item.problem, timed, item === lastOwn].join();
      rows.set(keys[at], made);
      made.element.classList.toggle('first', first);
      made.element.classList.toggle('failed', item.state === 'failed');
      made.who.classList.toggle('unseen', !first || item.author === 'system');
      settle(made, item.choices, answer);
      if (made.look !== look) made.meta.replaceChildren(...describe(item, timed, item === lastOwn));
      made.look = look;
      if (made.element.parentNode !== element || made.element.nextSibling !== next) element.insertBefore(made.element, next);
      next = made.element;
      if (item.author === 'customer') answer = item;
    }
  }

  return { element, update };
}
