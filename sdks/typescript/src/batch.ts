/** `client.batch`: what became of tasks that were submitted together. */

import { SignoffError } from './errors.js';
import type { Batch } from './schema.js';
import { path, type RequestOptions, type Transport } from './transport.js';
import { type WaitOptions, waitUntil } from './wait.js';

export class BatchResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The batch with its progress. */
  async get(id: string, options?: RequestOptions): Promise<Batch> {
    return this.#transport.send({ method: 'GET', path: path('batch', id), options });
  }

  /**
   * Waits until no task of the batch is open and returns the batch. Tasks of it may have been cancelled or expired:
   * its counts say so, and `task.list({ batchId })` holds the decisions. Throws TimeoutError when `timeout` is over.
   */
  async wait(id: string, options?: WaitOptions): Promise<Batch> {
    const isOpen = (batch: Batch | null) => (batch?.pending ?? 0) > 0 || (batch?.queued ?? 0) > 0;
    const batch = await waitUntil<Batch | null>(
      this.#transport,
      path('batch', id, 'wait'),
      `Batch ${id}`,
      (answer) => !isOpen(answer),
      options,
    );
    if (batch?.id !== id) {
      throw new SignoffError(`The server's answer about batch ${id} is not that batch.`, { code: 'unexpected_answer' });
    }
    return batch;
  }
}
