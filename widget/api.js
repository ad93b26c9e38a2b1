/** A failure of the gateway. Its kind says what to do: offline, busy, long, gone, server, refused. */
class ApiError extends Error {
  constructor(kind, message = '', wait = 0) {
    super(message);
    Object.assign(this, { kind, wait });
  }
}

const KINDS = { 401: 'gone', 404: 'gone', 413: 'long', 429: 'busy' };

/** One request, JSON both ways, 20 s at most unless a signal decides. Raises ApiError. */
export async function request(url, { token, body, signal = AbortSignal.timeout(20_000) } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const options = { method: body ? 'POST' : 'GET', headers, body: JSON.stringify(body), signal, credentials: 'omit', cache: 'no-store' };
  const response = await fetch(url, options).catch(() => { throw new ApiError('offline'); });
  if (response.ok) return response;
  const { error } = await response.json().catch(() => ({}));
  const kind = KINDS[response.status] ?? (response.status < 500 ? 'refused' : 'server');
  throw new ApiError(kind, error?.message, (response.headers.get('Retry-After') || 1) * 1000);
}

/** Gives `take(event, data)` each server-sent event; fetch, since EventSource cannot carry a token. */
export async function follow(response, take, alive) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ''; ;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value.replaceAll('\r', '')).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const { event, data } = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/)));
      if (data) take(event, JSON.parse(data));
    }
  }
}
