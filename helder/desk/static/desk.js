// What both pages of the desk share: words, sending a form, following a stream, telling trouble.
const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const words = read('words');
export const given = read('given');
export const byId = (id) => document.getElementById(id);

export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? '');
}

export function h(tag, more = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), more);
  made.append(...inside.filter((each) => each !== null));
  return made;
}

// How long since, or until, in the largest unit that tells it.
export function lasting(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return say('seconds', { count: whole });
  if (whole < 3600) return say('minutes', { count: Math.floor(whole / 60) });
  return say('hours', { count: Math.floor(whole / 3600) });
}

export function trouble(text) {
  byId('trouble').textContent = text;
}

// Send a form; the answer, or null with the reason told. Nothing that was typed is lost by it.
export async function send(path, fields = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...fields, token: given.token }),
    });
  } catch {
    trouble(say('failed'));
    return null;
  }
  if (answer.ok) {
    trouble('');
    return answer.json();
  }
  if (answer.status === 401) trouble(say('signed_out'));
  else trouble((await answer.json().catch(() => null))?.message ?? say('failed'));
  return null;
}

// Follow a stream: EventSource comes back by itself, and asks for what it missed.
export function follow(path, handlers) {
  const source = new EventSource(path);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  source.addEventListener('open', () => trouble(''));
  source.addEventListener('error', () => {
    trouble(say(source.readyState === EventSource.CLOSED ? 'signed_out' : 'reconnecting'));
  });
  return source;
}
