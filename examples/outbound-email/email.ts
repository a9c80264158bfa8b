/** The two ends of the example: what the agent writes, and what would reach a mail server. */

export interface Email {
  to: string;
  subject: string;
  body: string;
}

/** Stands where an agent would have a model write. */
export function draftEmail(order: string): Email {
  return {
    to: 'maria.keller@example.com',
    subject: `Your order ${order} will be three days late`,
    body: [
      'Dear Ms Keller,',
      '',
      `the carrier has told us that order ${order} left their depot late. It will reach you three days after the`,
      'date that we promised. We have refunded the shipping of 12.50 EUR to your card.',
      '',
      'Kind regards',
      'Northwind Outdoor',
    ].join('\n'),
  };
}

/** Prints the message; a real agent hands it to its mail server here. Refuses content that is not an e-mail. */
export function sendEmail(content: Record<string, unknown>): void {
  const { to, subject, body } = content;
  if (typeof to !== 'string' || typeof subject !== 'string' || typeof body !== 'string') {
    throw new TypeError('The approved content is not an e-mail: to, subject and body must be texts.');
  }
  console.log(`Sent.\n\nTo: ${to}\nSubject: ${subject}\n\n${body}`);
}
