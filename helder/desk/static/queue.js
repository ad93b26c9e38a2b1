// The queue: lists that keep themselves current, and "take the next".
import { byId, follow, given, h, lasting, say, send, trouble, words } from './desk.js';
import { onKeys } from './shortcuts.js';

const title = document.title;
let lists = null;
let heard = null; // numbers of tickets in line, to notice new ones

function go(answer) {
  if (answer) location.assign(`/conversations/${answer.conversation}`);
}

const next = async () => go(await send('/queue/next'));
byId('next').addEventListener('click', next);

function link(each, text) {
  return h('a', { href: `/conversations/${each.conversation}`, className: 'plain' }, text);
}

function about(each) {
  const language = h('span', { className: 'tag' }, each.language.toUpperCase());
  return h('div', { className: 'about' }, h('strong', {}, `#${each.number} `), language, ` ${each.reason}`);
}

function clock(since, key) {
  const time = h('span', { className: 'age' });
  time.dataset.since = since;
  time.dataset.key = key;
  return time;
}

function waiting(each) {
  const why = h('details', {}, h('summary', {}, each.points), h('ul', {}, ...each.why.map((line) => h('li', {}, line))));
  const state = each.for_me ? say('for_me') : each.kept ? say('kept') : each.able ? null : say('cannot');
  const row = h('li', { className: each.urgent ? 'urgent' : '' }, about(each), clock(each.since, 'waits'));
  if (state) row.append(h('span', { className: 'tag' }, state));
  if (given.stepIn) {
    const now = h('button', { className: 'quiet', type: 'button' }, say('out_of_turn'));
    now.addEventListener('click', async () => {
      const why = prompt(words.why);
      if (why) go(await send(`/conversations/${each.conversation}/claim`, { why }));
    });
    row.append(now);
  }
  row.append(why);
  return row;
}

function mine(each) {
  const row = h('li', {}, about(each));
  if (each.unanswered) row.append(clock(each.unanswered, 'answer'));
  else row.append(h('span', { className: 'muted' }, say(each.ended ? 'ended' : 'answered')));
  row.append(link(each, say('open')));
  if (each.left !== null && each.left < 120) {
    row.className = 'urgent';
    row.append(h('p', { className: 'problem' }, say('losing', { time: lasting(each.left) })));
  }
  return row;
}

function live(each) {
  return h('li', {}, clock(each.begun, 'lasts'), link(each, say('watch')));
}

function fill(id, all, draw, none) {
  const list = byId(id);
  if (!list) return;
  const open = [...list.querySelectorAll('details')].map((each) => each.open);
  byId(`${id}-count`).textContent = all.length;
  list.replaceChildren(...(all.length ? all.map(draw) : [h('li', { className: 'muted' }, none)]));
  list.querySelectorAll('details').forEach((each, at) => { each.open = open[at] ?? false; });
}

function tick() {
  for (const each of document.querySelectorAll('[data-since]')) {
    each.textContent = say(each.dataset.key, { time: lasting(Date.now() / 1000 - each.dataset.since) });
  }
}

function show(found) {
  const focused = document.activeElement;
  const at = focused && focused.href;
  lists = found;
  fill('waiting', found.waiting, waiting, words.nobody);
  fill('mine', found.mine, mine, words.none_mine);
  fill('ended', found.ended, mine, '–');
  if (found.live) fill('live', found.live, live, words.none_live);
  byId('next').disabled = !found.next;
  tick();
  if (at) [...document.links].find((each) => each.href === at && each.closest('.rows'))?.focus();
  tell(found);
}

// Sound, title and notification, each of which can be turned off, and only for what is new.
function tell(found) {
  const calling = found.waiting.length + found.mine.filter((each) => each.unanswered).length;
  document.title = calling ? `(${calling}) ${title}` : title;
  const now = new Set([
    ...found.waiting.map((each) => `w${each.number}`),
    ...found.mine.filter((each) => each.unanswered).map((each) => `m${each.number}`),
  ]);
  const fresh = heard && [...now].filter((each) => !heard.has(each));
  heard = now;
  if (!fresh || !fresh.length) return;
  const text = fresh.some((each) => each[0] === 'm') ? words.wrote : say('new', { count: fresh.length });
  byId('news').textContent = text;
  if (chosen.sound()) beep();
  if (chosen.notify() && document.hidden) new Notification('Helder', { body: text, tag: 'helder' });
}

let audio = null;
function beep() {
  audio ??= new AudioContext();
  const tone = audio.createOscillator();
  const loud = audio.createGain();
  tone.frequency.value = 660;
  loud.gain.setValueAtTime(0.08, audio.currentTime);
  loud.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
  tone.connect(loud).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.35);
}

const chosen = {
  sound: () => byId('sound').checked,
  notify: () => byId('notify').checked && Notification.permission === 'granted',
};

for (const id of ['sound', 'notify']) {
  const box = byId(id);
  box.checked = localStorage.getItem(`helder-${id}`) === 'on';
  box.addEventListener('change', async () => {
    if (id === 'notify' && box.checked && (await Notification.requestPermission()) !== 'granted') box.checked = false;
    if (id === 'sound' && box.checked) beep();
    localStorage.setItem(`helder-${id}`, box.checked ? 'on' : 'off');
  });
}

byId('available').addEventListener('change', async (event) => {
  const box = event.target;
  const answer = await send('/queue/available', { available: box.checked ? 'yes' : 'no' });
  if (!answer) box.checked = !box.checked;
});

const open = (at) => () => {
  const mine = lists?.mine[at];
  if (mine) location.assign(`/conversations/${mine.conversation}`);
};
onKeys({
  n: () => lists?.next && next(),
  ...Object.fromEntries([...Array(9).keys()].map((at) => [at + 1, open(at)])),
});

setInterval(tick, 1000);
follow('/queue/live', { lists: show, signed_out: () => trouble(say('signed_out')) });
