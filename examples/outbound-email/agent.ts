/**
 * An agent that sends an e-mail only after a person approved it.
 *
 * `externalId` makes the draft the same task however often the agent is restarted: it asks once and waits for the one
 * decision. What is sent is what was approved, as the server holds it, with the reviewer's edits if there are any.
 */

import { Signoff } from '@signoff/sdk';
import { draftEmail, sendEmail } from './email.js';

const order = process.argv[2] ?? String(Math.floor(Math.random() * 9000) + 1000);
const email = draftEmail(order);

const client = new Signoff({ onRetry: ({ error }) => console.log(`Trying again: ${error.message}`) });
const task = await client.task.submit({
  queueKey: 'outbound-email',
  externalId: `delay-notice-${order}`,
  summary: `Tell ${email.to} that order ${order} is late`,
  data: { ...email },
});
console.log(`Submitted ${task.id}. Waiting for a person to decide …`);
const reviewed = await client.task.waitForReview(task.id);
if (reviewed.outcome.result.includes('approved')) sendEmail(reviewed.outcome.data ?? reviewed.data);
else console.log(`Not sent. ${reviewed.reviews[0].feedback ?? 'The reviewer gave no reason.'}`);
