/** <helder-chat>: the button, all that a page loads until it is pressed. See docs/widget.md. */
import { button, h, icon, style } from './dom.js';
import words from './texts/launcher.js';

class HelderChat extends HTMLElement {
  static observedAttributes = ['open'];

  connectedCallback() {
    if (this.shadowRoot) return this.chat?.then((chat) => chat.conversation.start());
    this.api = new URL(this.getAttribute('api') ?? new URL('..', import.meta.url), document.baseURI).href.replace(/\/*$/, '/api/');
    this.label = h('span');
    this.badge = h('b', { hidden: '' });
    this.button = button({ class: 'launcher', hidden: '', click: () => this.open() }, icon('M4 5h16v11H10l-4.5 4v-4H4z'), this.label, this.badge);
    const root = this.attachShadow({ mode: 'open' });
    // Tokens last: `all` undoes a colour scheme.
    Promise.all(['launcher.css', 'tokens.css'].map((file) => style(root, file))).then(() => {
      this.button.hidden = this.hasAttribute('open');
    });
    root.append(this.button);
    const { language, open, outbox } = this.kept();
    this.speak(language ?? this.preferred());
    if (open || this.hasAttribute('open')) this.open(false);
    else if (outbox) this.load().catch(() => {}); // goes on unseen
  }

  disconnectedCallback() {
    this.chat?.then((chat) => chat.conversation.stop());
  }

  attributeChangedCallback(_, before, now) {
    if (this.shadowRoot && (before ?? now) !== null) this[now === null ? 'close' : 'open']();
  }

  /** What this tab keeps: {id, token, seen, outbox, language, open}. */
  kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.api)) ?? {};
    } catch {
      return {}; // storage refused
    }
  }

  preferred() {
    return [this.getAttribute('language'), this.closest('[lang]')?.lang, ...navigator.languages, 'en']
      .map((tag) => tag?.slice(0, 2).toLowerCase())
      .find((tag) => words[tag]);
  }

  speak(language, key = 'open') {
    this.language = this.button.lang = language;
    this.label.textContent = words[language][key];
  }

  load() {
    this.chat ??= import('./chat.js').then(({ start }) => start(this));
    return this.chat;
  }

  async open(focus = true) {
    try {
      (await this.load()).open(focus);
    } catch (error) {
      console.error(error);
      this.chat = null;
      this.speak(this.language, 'failed');
      this.button.hidden = false;
    }
  }

  close() {
    this.chat?.then((chat) => chat.close());
  }
}

customElements.define('helder-chat', HelderChat);
