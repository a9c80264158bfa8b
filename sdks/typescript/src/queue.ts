/** `client.queue`: the kinds of decision that the organization has. */

import { List } from './list.js';
import type { Queue } from './schema.js';
import { path, type RequestOptions, type Transport } from './transport.js';

export class QueueResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All queues that are not deleted: `for await` over it, or `await` it for `items`. */
  list(options?: RequestOptions): List<Queue> {
    return new List(this.#transport, path('queue'), {}, options);
  }

  /** The queue with this key or id. */
  async get(keyOrId: string, options?: RequestOptions): Promise<Queue> {
    return this.#transport.send({ method: 'GET', path: path('queue', keyOrId), options });
  }
}
