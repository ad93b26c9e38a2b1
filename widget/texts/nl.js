/** Regel voor regel hetzelfde als en.js. */
export default {
  title: 'Klantenservice',
  owner: {
    assistant: 'Je praat met een AI-assistent',
    waiting: 'We hebben een medewerker erbij gevraagd',
    employee: 'Je praat met {name}',
    closed: 'Dit gesprek is afgelopen',
  },
  anEmployee: 'een medewerker',
  authors: { customer: 'Jij', assistant: 'AI-assistent', employee: 'Medewerker', system: 'Bericht van ons' },

  menu: 'Meer opties',
  close: 'Chat sluiten',
  language: 'English (EN)',
  copy: 'Gesprek kopiëren',
  copied: 'Het gesprek staat op je klembord.',
  notCopied: 'Kopiëren lukt hier niet. Je kunt het gesprek wel downloaden.',
  download: 'Gesprek downloaden',
  file: 'gesprek.txt',
  ask: 'Nieuw gesprek',
  sure: 'Opnieuw beginnen? Je ziet dit gesprek dan hier niet meer.',
  restart: 'Opnieuw beginnen',
  no: 'Dit gesprek houden',

  log: 'Gesprek',
  newer: 'Nieuwe berichten',
  typing: { assistant: 'De assistent is aan het typen', employee: '{name} is aan het typen' },
  unread: ['{n} nieuw bericht', '{n} nieuwe berichten'],
  choices: 'Kies een antwoord',
  chosen: 'jouw keuze',

  write: 'Je bericht',
  hint: 'Typ je bericht',
  send: 'Versturen',
  person: 'Praat met een medewerker',
  wantPerson: 'Ik wil een medewerker spreken',
  left: ['Nog {n} teken', 'Nog {n} tekens'],
  tooLong: ['{n} teken te veel', '{n} tekens te veel'],

  sending: 'Wordt verstuurd…',
  sent: 'Verstuurd',
  failed: 'Niet verstuurd.',
  retry: 'Opnieuw proberen',
  edit: 'Aanpassen',
  noLine: 'Er is geen verbinding.',
  refused: 'We konden dit bericht niet aannemen.',

  offline: 'Je lijkt offline te zijn. We maken vanzelf weer verbinding.',
  server: 'Er is bij ons iets mis. We blijven het proberen.',
  fast: 'Dat ging iets te snel. We versturen je bericht over {n} sec.',
  over: 'Dit gesprek is afgelopen. Je kunt het hier nog wel teruglezen.',

  notice: {
    title: 'Goed om te weten voor je begint',
    text: 'Je praat met een AI-assistent, niet met een mens. Die kan fouten maken. Wat je schrijft, gebruiken we om je te helpen. Je kunt altijd om een medewerker vragen.',
    again: 'Lees hier alles',
  },
};
