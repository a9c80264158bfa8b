/** `client.queue`: the kinds of decision that the organization has. */

import { type PageFilter, toQuery } from './input.js';
import { List } from './list.js';
import type { Queue } from './schema.js';
import { path, type RequestOptions, type Transport } from './transport.js';

export class QueueResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Queues: `await` it for one page, `for await` over it for all. */
  list(filter: PageFilter = {}, options?: RequestOptions): List<Queue> {
    return new List(this.#transport, path('queue'), toQuery(filter), options);
  }

  /** The queue with this key or id. */
  async get(keyOrId: string, options?: RequestOptions): Promise<Queue> {
    return this.#transport.send({ method: 'GET', path: path('queue', keyOrId), options });
  }
}
