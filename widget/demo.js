/** The demo page: the language of ?lang=, before anything is drawn, and a few orders to ask about. */
const root = document.documentElement;
const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language;
root.lang = wanted.startsWith('nl') ? 'nl' : 'en';
document.title = root.dataset[root.lang];

async function showOrders() {
  const response = await fetch('/demo/orders').catch(() => null);
  const orders = response?.ok ? await response.json().catch(() => []) : [];
  const cell = (name, text, lang) => Object.assign(document.createElement(name), { textContent: text, ...(lang && { lang }) });
  const rows = orders.map((each) => {
    const row = document.createElement('tr');
    const state = document.createElement('td');
    state.append(cell('span', each.state_en, 'en'), cell('span', each.state_nl, 'nl'));
    const order = cell('th', each.order);
    order.scope = 'row';
    row.append(order, cell('td', each.postcode), state);
    return row;
  });
  document.querySelector('#orders tbody').replaceChildren(...rows);
  document.querySelector('#orders').hidden = rows.length === 0;
}

document.addEventListener('DOMContentLoaded', showOrders);
