/** The fixed parts of the panel: top, notice, writing field. `act` is the chat. */
import { request } from './api.js';
import { button, h, icon } from './dom.js';
import { fill, link } from './messages.js';

const MOST = 2000; // characters (code points), as the gateway counts them
const NEAR = 200; // left: from here on they are counted in sight

const round = (path, label, props) => button({ class: 'round', 'aria-label': label, title: label, ...props }, icon(path));

export function top(texts, name, language, act) {
  const title = h('h2', { id: 'title', tabindex: -1 }, name ?? texts.title);
  const status = h('p', { class: 'status' });
  const menu = h('div', { id: 'menu', hidden: '' }, ...['copy', 'download', 'ask'].map((key) =>
    button({ class: key, click: () => { show(false); act[key](); } }, texts[key])));
  const more = round('M5 12h.01M12 12h.01M19 12h.01', texts.menu, { class: 'round more', 'aria-controls': 'menu', 'aria-expanded': false, click: () => show(menu.hidden) });
  const tongue = button({ class: 'round tongue', lang: language, 'aria-label': texts.language, title: texts.language, click: () => act.translate() }, language.toUpperCase());
  const element = h('div', { class: 'top', focusout: (event) => { if (!element.contains(event.relatedTarget)) show(false); } },
    h('div', { class: 'names' }, title, status), tongue, more, menu, round('M6 6l12 12M18 6L6 18', texts.close, { class: 'round close', click: () => act.close() }));

  /** Opens or shuts the menu; says whether that changed anything. */
  function show(open) {
    const changed = menu.hidden === open;
    if (changed && menu.contains(menu.getRootNode().activeElement)) more.focus();
    menu.hidden = !open;
    more.setAttribute('aria-expanded', open);
    return changed;
  }
  return { element, title, status, tongue, show };
}

/** What a customer is told before the first send (AI Act, art. 50; GDPR, art. 13). */
export function notice(api, texts, language) {
  const element = h('details', { class: 'notice', open: '' });
  const show = ({ title, text, links }) => element.replaceChildren(h('summary', {}, title),
    h('div', { id: 'notice' }, ...[...text.split(/\n+/), ...links].map((part) => h('p', {}, part))));
  async function load() {
    try {
      const told = await (await request(`${api}notice?language=${language}`)).json();
      show({ ...told, links: told.links.map(({ url, title }) => link(url, title, api)) });
    } catch { // nobody starts untold: the shortest form is in our own texts
      show({ ...texts.notice, links: [button({ class: 'plain', click: load }, texts.notice.again)] });
    }
  }
  load();
  return element;
}

/** Enter sends, Shift + Enter is a new line, and a word that is being composed is left alone. */
export function composer(texts, act) {
  const box = h('textarea', { id: 'write', rows: 1, dir: 'auto', placeholder: texts.hint, 'aria-describedby': 'count', enterkeyhint: 'send', input: count, keydown: key });
  const counter = h('p', { id: 'count' });
  const go = h('button', { class: 'round send', title: texts.send, 'aria-label': texts.send }, icon('M12 19V5M6 11l6-6 6 6'));
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
    // Safari ends a composition before the keydown of its Enter; 229 tells.
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
