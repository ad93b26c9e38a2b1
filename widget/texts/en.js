/** Line by line the same as nl.js. */
export default {
  title: 'Customer service',
  owner: {
    assistant: 'You are talking to an AI assistant',
    waiting: 'We have asked an employee to join',
    employee: 'You are talking to {name}',
    closed: 'This conversation is over',
  },
  anEmployee: 'an employee',
  authors: { customer: 'You', assistant: 'AI assistant', employee: 'Employee', system: 'Message from us' },

  menu: 'More options',
  close: 'Close the chat',
  language: 'Nederlands (NL)',
  copy: 'Copy conversation',
  copied: 'The conversation is on your clipboard.',
  notCopied: 'We cannot copy here. You can download the conversation.',
  download: 'Download conversation',
  file: 'conversation.txt',
  ask: 'New conversation',
  sure: 'Start again? You will not see this conversation here any more.',
  restart: 'Start again',
  no: 'Keep this one',

  log: 'Conversation',
  newer: 'New messages',
  typing: { assistant: 'The assistant is typing', employee: '{name} is typing' },
  unread: ['{n} new message', '{n} new messages'],
  choices: 'Choose an answer',
  chosen: 'your choice',

  write: 'Your message',
  hint: 'Type your message',
  send: 'Send',
  person: 'Talk to a person',
  wantPerson: 'I want to talk to a person',
  left: ['{n} character left', '{n} characters left'],
  tooLong: ['{n} character too many', '{n} characters too many'],

  sending: 'Sending…',
  sent: 'Sent',
  failed: 'Not sent.',
  retry: 'Try again',
  edit: 'Change it',
  noLine: 'There is no connection.',
  refused: 'We could not take this message.',

  offline: 'You seem to be offline. We connect again by ourselves.',
  server: 'Something is wrong on our side. We keep trying.',
  fast: 'That went a bit fast. We send your message in {n} sec.',
  over: 'This conversation is over. You can still read it here.',

  notice: {
    title: 'Good to know before you start',
    text: 'You are talking to an AI assistant, not to a person. It can make mistakes. We use what you write to help you. You can ask for a person at any time.',
    again: 'Read all about it',
  },
};
