// Keys of one letter, and the sheet that lists them. They can be turned off (WCAG 2.2, 2.1.4).
import { byId } from './desk.js';

const sheet = byId('shortcuts');
const box = byId('shortcuts-on');
box.checked = localStorage.getItem('helder-shortcuts') !== 'off';
box.addEventListener('change', () => localStorage.setItem('helder-shortcuts', box.checked ? 'on' : 'off'));
byId('shortcuts-open').addEventListener('click', () => sheet.showModal());
byId('shortcuts-close').addEventListener('click', () => sheet.close());

// What each key does on this page; `?` shows the sheet. Nothing is taken from who types.
export function onKeys(keys) {
  document.addEventListener('keydown', (event) => {
    if (!box.checked || sheet.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('input:not([type="checkbox"]), textarea, select')) return;
    const act = event.key === '?' ? () => sheet.showModal() : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
