// One conversation: what is said comes by the stream, what a colleague does goes by forms.
import { byId, follow, given, h, say, send, trouble } from './desk.js';
import { onKeys } from './shortcuts.js';

const path = `/conversations/${given.conversation}`;
const talk = byId('talk');
const text = byId('text');
const draft = `helder-draft-${given.conversation}`;
let state = null;
let source = null;
let last = 0;

function atEnd() {
  return talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
}

function message(each) {
  if (each.number <= last) return;
  last = each.number;
  const stay = !atEnd() && talk.childElementCount > 0;
  const who = each.author === 'employee' ? (each.name ?? say('employee')) : say(each.author);
  const time = h('time', { dateTime: each.time }, new Date(each.time).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' }));
  const row = h('li', { className: `by ${each.author}`, id: `m${each.number}` }, h('p', { className: 'who' }, who, ' ', time), h('p', { className: 'what' }, each.text));
  if (each.choices.length) row.append(h('p', { className: 'hint' }, say('choices', { titles: each.choices.join(' · ') })));
  talk.append(row);
  if (state && state.owner !== 'employee') packet();
  if (!stay) talk.scrollTop = talk.scrollHeight;
}

function notes(all) {
  byId('notes').replaceChildren(...all.map((each) => h('li', {}, h('strong', {}, each.did === 'passed_on' ? `${each.name} ${say('passed_on')}` : each.name), h('p', {}, each.note))));
}

// The packet is made anew when it may say something else: not while a colleague talks, of which
// nothing is in it. What is folded open stays so.
let packets = 0;
async function packet() {
  const mine = ++packets;
  const made = await part('packet');
  if (made === null || mine !== packets) return;
  const open = [...byId('packet').querySelectorAll('details[open]')].map((each) => each.id);
  byId('packet').innerHTML = made;
  for (const id of open) byId(id)?.setAttribute('open', '');
}

async function part(name) {
  const answer = await fetch(`${path}/${name}`).catch(() => null);
  return answer?.ok ? answer.text() : null;
}

byId('packet').addEventListener('toggle', async (event) => {
  const { part: name } = event.target.dataset;
  if (!name || !event.target.open) return;
  const made = await part(name);
  event.target.querySelector('.part').innerHTML = made ?? say('failed');
}, true);

byId('packet').addEventListener('click', (event) => {
  const wanted = event.target.closest('a.at');
  const row = wanted && document.querySelector(wanted.getAttribute('href'));
  if (!row) return;
  event.preventDefault();
  row.scrollIntoView({ block: 'center' });
  row.tabIndex = -1;
  row.focus();
});

function owner(now) {
  if (now.mine) return say('owner_mine');
  if (now.owner === 'employee') return say('owner_employee', { name: now.who ?? '' });
  return say(`owner_${now.owner}`);
}

function show(now) {
  const mine = !state?.mine && now.mine;
  if (state?.owner !== now.owner) packet();
  state = now;
  byId('owner').textContent = owner(now);
  byId('reply').hidden = !now.mine;
  byId('pass').hidden = !now.mine;
  const acts = { 'give-back': now.mine, close: now.mine, 'step-in': given.stepIn && now.owner === 'assistant', reopen: now.had && !now.mine && ['closed', 'assistant'].includes(now.owner) };
  for (const [name, there] of Object.entries(acts)) byId('acts').querySelector(`[data-act="${name}"]`).hidden = !there;
  byId('typing').textContent = now.customer_types ? say('types') : '';
  byId('others').textContent = now.others.map((each) => say(each.typing ? 'types_too' : 'looks', { name: each.name })).join(' ');
  if (mine && document.activeElement === document.body) text.focus();
}

// Who can get it now. Whoever was chosen and is gone is not replaced by the next in the list.
function colleagues(all) {
  const list = byId('pass-to');
  const chosen = list.value;
  list.replaceChildren(...all.map((each) => h('option', { value: each.value }, each.title)));
  if (chosen) list.value = chosen;
  byId('pass-on').hidden = !all.length;
  byId('pass-nobody').hidden = all.length > 0;
}

function listen() {
  source?.close();
  source = follow(`${path}/live?after=${last}`, {
    message,
    notes,
    state: show,
    colleagues,
    gone: () => {
      source.close();
      trouble(say('gone'));
    },
  });
}

// A reply keeps its id until it is known to have arrived: sent twice, it is said once.
let waiting = JSON.parse(sessionStorage.getItem(`${draft}-sent`) ?? 'null');
text.value = sessionStorage.getItem(draft) ?? '';

function sameOrNew(said) {
  if (waiting?.text !== said) waiting = { id: crypto.randomUUID(), text: said };
  sessionStorage.setItem(`${draft}-sent`, JSON.stringify(waiting));
  return waiting;
}

let sending = false;
byId('reply').addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = text.value.trim();
  if (!said || sending) return;
  sending = true;
  const arrived = await send(`${path}/say`, sameOrNew(said));
  sending = false;
  if (!arrived) return;
  waiting = null;
  sessionStorage.removeItem(`${draft}-sent`);
  if (text.value.trim() === said) text.value = '';
  sessionStorage.setItem(draft, text.value);
  typing(false);
});

text.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId('reply').requestSubmit();
  }
});

let told = 0;
function typing(is) {
  if (!given.reply || (is && Date.now() - told < 3000)) return;
  told = is ? Date.now() : 0;
  fetch(`${path}/typing`, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams({ token: given.token, typing: is ? 'yes' : 'no' }) }).catch(() => null);
}

text.addEventListener('input', () => {
  sessionStorage.setItem(draft, text.value);
  if (text.value) typing(true);
});

byId('ready').addEventListener('change', (event) => {
  if (!event.target.value) return;
  text.value = text.value ? `${text.value.trimEnd()} ${event.target.value}` : event.target.value;
  event.target.value = '';
  text.dispatchEvent(new Event('input'));
  text.focus();
});

byId('acts').addEventListener('click', async (event) => {
  const act = event.target.dataset?.act;
  if (!act || !(await send(`${path}/${act}`))) return;
  if (act === 'unmask') {
    talk.replaceChildren();
    last = 0;
    packet();
    listen();
  } else if (act !== 'step-in' && act !== 'reopen') location.assign('/queue');
});

byId('note').addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = byId('note-text');
  if (field.value.trim() && (await send(`${path}/note`, { text: field.value }))) field.value = '';
});

byId('pass-on').addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = { to: byId('pass-to').value, text: byId('pass-note').value };
  if (await send(`${path}/pass-on`, fields)) location.assign('/queue');
});

setInterval(() => typing(false), 15_000);
typing(false);
addEventListener('pagehide', () => {
  navigator.sendBeacon(`${path}/typing`, new URLSearchParams({ token: given.token, gone: 'yes' }));
});
listen();

onKeys({
  r: () => text.focus(),
  q: () => location.assign('/queue'),
});
