/** The words on the button that opens the chat. */
export default {
  en: { open: 'Need help?', failed: 'Could not open. Try again' },
  nl: { open: 'Hulp nodig?', failed: 'Openen lukt niet. Probeer opnieuw' },
};
