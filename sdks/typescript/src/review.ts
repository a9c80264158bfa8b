/** `client.review`: what reviewers said. */

import { type ReviewFilter, toQuery } from './input.js';
import { List } from './list.js';
import type { Review } from './schema.js';
import { path, type RequestOptions, type Transport } from './transport.js';

export class ReviewResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Reviews: `await` it for one page, `for await` over it for all. */
  list(filter: ReviewFilter = {}, options?: RequestOptions): List<Review> {
    return new List(this.#transport, path('review'), toQuery(filter), options);
  }

  /** The review with this id. */
  async get(id: string, options?: RequestOptions): Promise<Review> {
    return this.#transport.send({ method: 'GET', path: path('review', id), options });
  }
}
