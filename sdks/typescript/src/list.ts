/** Lists that come in pages. */

import type { Query, RequestOptions, Transport } from './transport.js';

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Cursor of the next page, or `null` on the last one. Give it as `cursor` with the same filters to go on later. */
  nextCursor: string | null;
}

/**
 * A list that is fetched when it is used: `await` it for one page, `for await` over it for every item, or over
 * `pages()` for every page. Pages do not shift when rows are added meanwhile.
 */
export class List<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
  readonly #transport: Transport;
  readonly #path: string;
  readonly #query: Query;
  readonly #options: RequestOptions | undefined;

  constructor(transport: Transport, path: string, query: Query, options: RequestOptions | undefined) {
    this.#transport = transport;
    this.#path = path;
    this.#query = query;
    this.#options = options;
  }

  /** Fetches the first page (the one at `cursor`, if that was given). */
  // biome-ignore lint/suspicious/noThenProperty: awaiting a list is the way to get a single page
  then<Fulfilled = Page<T>, Rejected = never>(
    onFulfilled?: ((page: Page<T>) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#fetch(this.#query).then(onFulfilled, onRejected);
  }

  /** Every page from the first on. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let page = await this.#fetch(this.#query);
    yield page;
    while (page.nextCursor !== null) {
      // The cursor says where to go on; an offset beside it would skip again.
      page = await this.#fetch({ ...this.#query, offset: undefined, cursor: page.nextCursor });
      yield page;
    }
  }

  /** Every item from the first page on. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  async #fetch(query: Query): Promise<Page<T>> {
    const { body, headers } = await this.#transport.answer<T[]>({
      method: 'GET',
      path: this.#path,
      query,
      options: this.#options,
    });
    return { items: body, nextCursor: headers.get('x-next-cursor') };
  }
}
