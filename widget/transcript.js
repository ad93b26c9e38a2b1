/** The conversation to take along. Loaded when it is asked for. */
import { h } from './dom.js';
import words from './texts/transcript.js';
import { authorOf, clock } from './view.js';

function transcript({ conversation: { items }, texts, host: { language } }) {
  return items.map((item) => `[${clock(item.time, language, 'medium')}] ${authorOf(item, texts)}: ${item.text}${item.state === 'failed' ? ` (${texts.failed})` : ''}\n`).join('\n');
}

export async function copy(chat) {
  Object.assign(chat.texts, words[chat.host.language]);
  try {
    await navigator.clipboard.writeText(transcript(chat));
    chat.pass('copied');
  } catch {
    chat.pass('notCopied');
  }
}

export function download(chat) {
  h('a', { href: URL.createObjectURL(new Blob([transcript(chat)])), download: 'chat.txt' }).click();
}
