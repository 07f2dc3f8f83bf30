/** The page on which a laptop shows the mails it keeps. */
export const mail = {
  title: 'Mail as it arrived',
  lead: 'The laptop keeps every mail here instead of sending it on. Nothing on this page has left the machine.',
  count: (shown: number, all: number) =>
    shown < all ? `The newest ${shown} of ${all}` : all === 1 ? '1 mail' : `${all} mails`,
  none: 'No mails so far.',
  asJson: 'All of them as JSON',
  from: 'From',
  to: 'To',
  at: 'Arrived',
  messageId: 'Message-ID',
  html: 'As HTML',
  frame: (subject: string) => `Mail: ${subject}`,
  text: 'As plain text',
  headers: 'Headers',
  noSubject: 'no subject',
};
