/** The client: one object per API key, holding the resources. */

import { BatchResource } from './batch.js';
import { QueueResource } from './queue.js';
import { ReviewResource } from './review.js';
import { type SignoffOptions, settingsFrom } from './settings.js';
import { TaskResource } from './task.js';
import { Transport } from './transport.js';

export class Signoff {
  readonly task: TaskResource;
  readonly batch: BatchResource;
  readonly queue: QueueResource;
  readonly review: ReviewResource;

  /** Throws AuthenticationError when neither `apiKey` nor `SIGNOFF_API_KEY` holds a key. Opens no connection. */
  constructor(options: SignoffOptions = {}) {
    const transport = new Transport(settingsFrom(options));
    this.task = new TaskResource(transport);
    this.batch = new BatchResource(transport);
    this.queue = new QueueResource(transport);
    this.review = new ReviewResource(transport);
  }
}
