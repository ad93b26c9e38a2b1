/** What is said about a copy of the conversation. */
export default {
  en: { copied: 'The conversation is on your clipboard.', notCopied: 'We cannot copy here. You can download it.' },
  nl: { copied: 'Het gesprek staat op je klembord.', notCopied: 'Kopiëren lukt hier niet, downloaden wel.' },
};
