/** Of the panel of data.js, which few open. */
export default {
  en: {
    title: 'Your data',
    intro: 'You decide what is all right, for each part. What you change here holds at once. Would you like this conversation deleted? Then write in the chat: delete this conversation.',
    about: 'It is about: {data}. How long: {retention}.',
    states: { not_asked: 'Not asked yet, so it does not happen.', given: 'You agreed to this.', refused: 'You did not agree to this.', withdrawn: 'You took this back.' },
    nothing: 'There is no conversation yet, so there is nothing to choose either.',
    receipt: 'Receipt of your consent',
    failed: 'That did not work. Try again in a moment.',
    close: 'Back to the conversation',
  },
  nl: {
    title: 'Mijn gegevens',
    intro: 'Wat je goedvindt, kies je zelf, per onderdeel. Wat je hier verandert, geldt meteen. Wil je dit gesprek laten wissen? Schrijf dan in de chat: wis dit gesprek.',
    about: 'Het gaat om: {data}. Hoe lang: {retention}.',
    states: { not_asked: 'Nog niet gevraagd, dus het gebeurt niet.', given: 'Je vindt dit goed.', refused: 'Je vindt dit niet goed.', withdrawn: 'Je hebt dit teruggedraaid.' },
    nothing: 'Er is nog geen gesprek, dus ook nog niets om te kiezen.',
    receipt: 'Bewijs van je toestemming',
    failed: 'Dat lukte niet. Probeer het zo nog eens.',
    close: 'Terug naar het gesprek',
  },
};
