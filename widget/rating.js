/** How was it? One tap; words if they like. Loaded when it is asked. */
import { button, h, icon } from './dom.js';
import words from './texts/people.js';
import { fill } from './view.js';

const PAUSE = 800; // ms: arrow keys pass other scores on their way
const LONGEST = 500; // characters
const FACE = 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 9.5h.01M15 9.5h.01';
const MOUTHS = ['M8 17q4-5 8 0', 'M8.5 16q3.5-2 7 0', 'M8.5 15.5h7', 'M8.5 14.5q3.5 3 7 0', 'M7.5 13.5h9q-1 4-4.5 4t-4.5-4z'];

/** `done()` is called once: answered, or no thanks. */
export class Rating {
  constructor(chat, conversation, about, name, done) {
    const { language } = chat.host;
    const texts = words[language].rating;
    Object.assign(this, { chat, conversation, about, done, language, texts });
    const title = fill(texts[about], { name });
    this.told = h('p', { role: 'status' });
    this.no = button({ class: 'plain', click: () => this.end() }, texts.no);
    this.scores = h('div', { class: 'scores', role: 'radiogroup', 'aria-labelledby': 'rating', change: ({ target }) => this.choose(+target.value) },
      ...texts.scores.map((word, i) => h('label', {}, h('input', { type: 'radio', name: 'score', value: i + 1 }), icon(FACE + MOUTHS[i]), word)));
    this.box = h('textarea', { id: 'rating-words', rows: 2, maxlength: LONGEST, dir: 'auto', 'aria-describedby': 'rating-kept' });
    this.more = h('div', { class: 'words', hidden: '' }, h('label', { for: 'rating-words' }, texts.words), this.box,
      h('p', { id: 'rating-kept' }, texts.kept));
    this.go = button({ class: 'pill', hidden: '', click: () => this.finish() }, texts.send);
    this.element = h('section', { class: 'rating', 'aria-labelledby': 'rating' },
      h('h3', { id: 'rating' }, title), this.scores, this.more, this.told, h('div', { class: 'ends' }, this.go, this.no));
    chat.say(title);
  }

  choose(score) {
    this.score = score;
    this.more.hidden = this.go.hidden = false;
    this.no.textContent = this.texts.enough;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.flush(), PAUSE);
  }

  /** The score at once, the words with it when they are sent: the last one counts. */
  send(words) {
    clearTimeout(this.later);
    this.later = null;
    return this.conversation.call('rating', { body: { about: this.about, score: this.score, words } });
  }

  async finish() {
    this.told.textContent = '';
    try {
      await this.send(this.box.value.trim() || undefined);
      this.chat.say(this.texts.thanks);
      this.end();
    } catch ({ kind, message }) {
      if (kind === 'over') this.end();
      else this.told.textContent = message || this.texts.failed;
    }
  }

  flush() {
    if (this.later) this.send().catch(() => {});
  }

  end() {
    this.flush();
    this.done();
  }
}
