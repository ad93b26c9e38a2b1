/** What is seen. `act` is the chat. */
import { request } from './conversation.js';
import { button, h, icon } from './dom.js';

const GROUP = 300_000; // ms
const ADDRESS = /https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?()[\]]/gi;

/** A pair of texts is [one, more]. */
export function fill(text, values) {
  const chosen = Array.isArray(text) ? text[values.n === 1 ? 0 : 1] : text;
  return chosen.replace(/{(\w+)}/g, (_, name) => values[name]);
}

/** Never by colour or side alone (WCAG 1.4.1). */
export function authorOf({ author, name }, texts) {
  const label = texts.authors[author];
  return name && name !== label && author !== 'system' ? `${name} · ${label}` : label;
}

export const reason = (item, texts) => item.reason || texts[item.problem === 'offline' ? 'noLine' : 'refused'];

export const clock = (time, language, dateStyle) => new Date(time).toLocaleString(language, { timeStyle: 'short', hourCycle: 'h23', dateStyle });

/** Only http(s) becomes a link. */
export function link(address, words = address, base) {
  const url = URL.parse(address, base);
  return url?.protocol.startsWith('http') ? h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, words) : words;
}

function linked(text) {
  const addresses = text.match(ADDRESS) ?? [];
  return text.split(ADDRESS).flatMap((part, at) => (at ? [link(addresses[at - 1]), part] : part));
}

/** Their name, if this is of a colleague, or of us about one. */
export const colleague = ({ author, name }) => /employee|system/.test(author) && name;

const together = (a, b) => a && b && a.author === b.author && a.name === b.name && new Date(b.time) - new Date(a.time) < GROUP;

/** Updated in place: focus and reading position stay. */
export function messageList(texts, language, act) {
  const element = h('ol', { role: 'list' });
  const rows = new Map();

  function row({ author, name, choices = [], language: lang, notice }) {
    const who = h('p', { class: 'who' }, authorOf({ author, name }, texts));
    const meta = h('p', { class: 'meta' });
    const buttons = choices.map((choice) => button({ class: 'pill', click: () => made.open && act.send({ ...choice, text: choice.title }) }));
    const bubble = h('div', { class: 'bubble', dir: 'auto', lang });
    const element = h('li', { class: notice ? 'told' : author }, who, bubble);
    const made = { meta, buttons, bubble, element };
    if (buttons.length) element.append(h('div', { class: 'choices', role: 'group', 'aria-label': texts.choices }, ...buttons));
    element.append(meta);
    return made;
  }

  function settle(made, choices, answer) {
    if (made.open === !answer) return;
    made.open = !answer;
    made.buttons.forEach((one, at) => {
      const { choice, title } = choices[at];
      const chosen = answer && (answer.choice ? answer.choice === choice : answer.text === title);
      one.setAttribute('aria-disabled', !made.open);
      one.classList.toggle('chosen', !!chosen);
      one.replaceChildren(chosen ? icon('M5 12l5 5 9-9') : '', h('span', { class: 'unseen' }, chosen ? `${texts.chosen}: ` : ''), h('span', { dir: 'auto' }, title));
    });
  }

  function describe(item, timed, lastOwn) {
    if (item.state === 'sending') return [texts.sending];
    if (item.state === 'failed') {
      const name = /long|refused/.test(item.problem) ? 'edit' : 'retry';
      const again = item.problem === 'over' ? '' : button({ class: 'plain', click: () => act[name](item) }, texts[name]);
      return [h('strong', {}, texts.failed), ` ${reason(item, texts)} `, again];
    }
    const today = new Date(item.time).toDateString() === new Date().toDateString();
    const time = h('time', { datetime: item.time }, clock(item.time, language, today ? undefined : 'medium'));
    return lastOwn ? [time, ` · ${texts.sent}`] : timed ? [time] : [];
  }

  function update(items) {
    const keys = items.map((item) => item.id ?? item.seq);
    for (const [key, made] of rows) {
      if (!keys.includes(key) && rows.delete(key)) made.element.remove();
    }
    const lastOwn = items.findLast(({ author }) => author === 'customer');
    let answer; // what was said next
    let next = null;
    for (let at = items.length; at--;) {
      const item = items[at];
      const made = rows.get(keys[at]) ?? row(item);
      const timed = item.author !== 'system' && !together(item, items[at + 1]);
      const look = [item.state, item.problem, timed, item === lastOwn].join();
      rows.set(keys[at], made);
      made.element.classList.toggle('first', !together(items[at - 1], item));
      made.element.classList.toggle('failed', item.state === 'failed');
      settle(made, item.choices, answer);
      // Masked by now, perhaps.
      if (made.text !== item.text) made.bubble.replaceChildren(...linked(made.text = item.text));
      if (made.look !== look) made.meta.replaceChildren(...describe(item, timed, item === lastOwn));
      made.look = look;
      if (made.element.parentNode !== element || made.element.nextSibling !== next) element.insertBefore(made.element, next);
      next = made.element;
      if (item.author === 'customer' || colleague(item)) answer = item;
    }
  }

  return { element, update };
}

const MOST = 2000; // code points
const NEAR = 200;

const round = (path, label, props) => button({ class: 'round', 'aria-label': label, title: label, ...props }, icon(path));

export function top(texts, name, language, act) {
  const title = h('h2', { id: 'title', tabindex: -1 }, name ?? texts.title);
  const status = h('p', { class: 'status' });
  const menu = h('div', { id: 'menu', hidden: '' }, ...Object.entries({ copy: 'transcript', download: 'transcript', data: 'data', ask: 'people' }).map(([key, file]) =>
    button({ class: key, click: () => act.more(file, key, show(false)) }, texts[key])));
  const more = round('M5 12h.01M12 12h.01M19 12h.01', texts.menu, { class: 'round more', 'aria-expanded': false, click: () => show(menu.hidden) });
  const tongue = button({ class: 'round tongue', lang: language, 'aria-label': texts.language, click: () => act.translate() }, language.toUpperCase());
  const element = h('div', { class: 'top', focusout: (event) => { if (!element.contains(event.relatedTarget)) show(false); } },
    h('div', { class: 'names' }, title, status), tongue, more, menu, round('M6 6l12 12M18 6L6 18', texts.close, { click: () => act.close() }));

  function show(open) {
    const changed = menu.hidden === open;
    if (changed && menu.matches(':focus-within')) more.focus();
    menu.hidden = !open;
    more.setAttribute('aria-expanded', open);
    return changed;
  }
  return { element, title, status, tongue, show };
}

/** AI Act art. 50, GDPR art. 13. */
export function notice(api, texts, language) {
  const element = h('details', { class: 'notice', open: '' });
  const show = ({ title, text, links }) => element.replaceChildren(h('summary', {}, title),
    h('div', { id: 'notice' }, ...[...text.split(/\n+/), ...links].map((part) => h('p', {}, part))));
  const load = () => element.told = tell();
  async function tell() {
    try {
      const told = await (await request(`${api}notice?language=${language}`)).json();
      show({ ...told, links: told.links.map(({ href, title }) => link(href, title, api)) });
      return { version: told.version, language };
    } catch { // nobody starts untold
      show({ ...texts.notice, links: [button({ class: 'plain', click: load }, texts.notice.again)] });
    }
  }
  load();
  return element;
}

export function composer(texts, act) {
  const box = h('textarea', { id: 'write', rows: 1, dir: 'auto', placeholder: texts.hint, 'aria-describedby': 'count', enterkeyhint: 'send', input: count, keydown: key });
  const counter = h('p', { id: 'count' });
  const go = round('M12 19V5M6 11l6-6 6 6', texts.send, { class: 'round send', type: 'submit' });
  const field = h('div', { class: 'field' }, h('label', { for: 'write', class: 'unseen' }, texts.write), box, go);
  const person = button({ class: 'person', click: () => act.person() }, icon('M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6'), texts.person);
  const element = h('form', { submit }, h('div', { class: 'tools' }, person, counter), field);
  let left;

  function count() {
    const text = box.value.trim();
    left = MOST - [...text].length;
    counter.textContent = left > NEAR ? '' : fill(left < 0 ? texts.tooLong : texts.left, { n: Math.abs(left) });
    counter.classList.toggle('bad', left < 0);
    box.setAttribute('aria-invalid', left < 0);
    go.setAttribute('aria-disabled', left < 0 || !text);
  }
  function key(event) {
    // 229: Safari, composing.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
  }
  function submit(event) {
    event.preventDefault();
    const text = box.value.trim();
    if (!text || left < 0) return;
    write('');
    act.send({ text });
  }
  function write(text) {
    box.value = text;
    count();
  }
  count();
  return { element, box, field, write };
}
