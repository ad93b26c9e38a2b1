/** What the customer agreed to, purpose by purpose; each answer can be changed here (GDPR art. 7(3)). */
import { button, h, style } from './dom.js';
import texts from './texts/data.js';
import { fill, link } from './view.js';

const json = async (answer) => (await answer).json();

/** Modal, over the chat; focus goes back to where it was. */
export async function show({ host: { shadowRoot: root, language }, conversation }) {
  if (!root.querySelector('[href$="data.css"]')) await style(root, 'data.css');
  const words = texts[language];
  const title = h('h2', { id: 'data-title', tabindex: -1 }, words.title);
  const list = h('div');
  const told = h('p', { class: 'unseen', 'aria-live': 'polite' });
  const panel = h('dialog', { class: 'data', lang: language, 'aria-labelledby': 'data-title', keydown: (event) => event.stopPropagation(), close: () => panel.remove() },
    title, h('p', {}, words.intro), list, told, button({ class: 'pill', click: () => panel.close() }, words.close));

  const look = (path) => json(conversation.call(`${path}?language=${language}`));

  function row({ purpose, state, ...about }, receipt) {
    const id = `data-${purpose}`;
    const answer = (given) => button({
      class: 'pill', 'data-given': given, 'aria-describedby': id,
      'aria-pressed': state !== 'not_asked' && (state === 'given') === given, click: () => change(purpose, given, about.title),
    }, given ? about.yes : about.no);
    return h('section', { 'data-purpose': purpose, 'aria-labelledby': id }, h('h3', { id }, about.title), h('p', {}, about.question),
      h('p', { class: 'meta' }, fill(words.about, { data: about.data.join('; '), retention: about.retention })),
      h('div', { class: 'choices' }, answer(true), answer(false)),
      h('p', { class: 'meta' }, words.states[state], ...receipt ? [' ', link(receipt.page, words.receipt, conversation.api)] : []));
  }

  async function renew() {
    const [{ consents }, { receipts }] = await Promise.all(['consents', 'receipts'].map(look));
    list.replaceChildren(...consents.map((each) => row(each, each.state === 'given' && receipts.find(({ purpose }) => purpose === each.purpose))));
  }

  async function change(purpose, given, name) {
    try {
      const { state } = await json(conversation.call(`consents?language=${language}`, { body: { purpose, given } }));
      await renew();
      list.querySelector(`[data-purpose="${purpose}"] [data-given="${given}"]`).focus();
      told.textContent = `${name}: ${words.states[state]}`;
    } catch ({ message }) {
      failed(message);
    }
  }

  function failed(message) {
    told.className = 'failed';
    told.textContent = message || words.failed;
  }

  root.append(panel);
  panel.showModal();
  title.focus();
  if (!conversation.id) return list.append(h('p', {}, words.nothing));
  return renew().catch(({ message }) => failed(message));
}
