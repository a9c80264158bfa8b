/**
 * A server on loopback that keeps tasks in memory, honours idempotency keys and fails as it is told to. It speaks as
 * much of docs/api.md as the unit tests need; what the real server does is the integration suite's matter.
 */

import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Review, Task } from '@signoff/sdk';

/**
 * What happens to one request: `drop` cuts the connection before it is carried out, `lose` after, `cut` in the middle of
 * the answer's body, `hang` never answers; an answer is sent instead of carrying the request out.
 */
export type Fault = 'drop' | 'lose' | 'cut' | 'hang' | FixedAnswer;

export interface FixedAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface SeenRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown> | undefined;
  at: number;
}

export class LoopbackServer {
  readonly requests: SeenRequest[] = [];
  readonly tasks = new Map<string, Task>();
  /** Answers by path for GET requests that need nothing more. */
  readonly fixed = new Map<string, (seen: SeenRequest) => FixedAnswer>();
  /** Taken one per request, first to last. */
  faults: (Fault | undefined)[] = [];

  #server: Server | undefined;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #remembered = new Map<string, FixedAnswer>();
  #waiting: (() => void)[] = [];

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens; after a `stop` on the same port as before. */
  async start(): Promise<this> {
    const server = createServer((request, response) => void this.#handle(request, response));
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** Cuts every connection and stops listening. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Settles a task and wakes whoever waits. */
  settle(id: string, change: Partial<Task>): void {
    const task = this.tasks.get(id);
    if (task === undefined) throw new Error(`no task ${id}`);
    this.tasks.set(id, { ...task, ...change });
    this.wake();
  }

  /** Answers every waiting long-poll with its task as it is. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const answer of waiting) answer();
  }

  seen(method: string, path: RegExp): SeenRequest[] {
    return this.requests.filter((one) => one.method === method && path.test(one.url.pathname));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const seen: SeenRequest = {
      method: request.method ?? '',
      url: new URL(request.url ?? '/', this.baseUrl),
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
      at: performance.now(),
    };
    this.requests.push(seen);
    const fault = this.faults.shift();
    if (fault === 'hang') return;
    if (fault === 'drop') {
      request.socket.destroy();
      return;
    }
    if (typeof fault === 'object') {
      send(response, fault);
      return;
    }
    const answer = await this.#carryOut(seen);
    if (fault === 'lose') request.socket.destroy();
    else if (fault === 'cut') {
      response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': '100000' });
      response.write('{"id":', () => request.socket.destroy());
    } else send(response, answer);
  }

  async #carryOut(seen: SeenRequest): Promise<FixedAnswer> {
    const key = seen.headers['idempotency-key'];
    if (seen.method === 'POST' && typeof key === 'string') {
      const remembered = this.#remembered.get(key);
      if (remembered !== undefined) return remembered;
      const answer = this.#write(seen);
      this.#remembered.set(key, answer);
      return answer;
    }
    if (seen.method === 'POST') return this.#write(seen);
    const fixed = this.fixed.get(seen.url.pathname);
    if (fixed !== undefined) return fixed(seen);
    const [, , noun, id = '', verb] = seen.url.pathname.split('/');
    if (noun !== 'task' || !this.tasks.has(id)) return notFound;
    if (verb === 'wait') await this.#untilSettled(id, Number(seen.url.searchParams.get('timeout')));
    return { status: 200, body: this.tasks.get(id) };
  }

  #write(seen: SeenRequest): FixedAnswer {
    const [, , noun, id = '', verb] = seen.url.pathname.split('/');
    if (noun !== 'task') return { status: 201, body: seen.body };
    if (verb !== undefined) return { status: 200, body: this.tasks.get(id) };
    const task = taskFrom(`task_${this.tasks.size + 1}`, seen.body ?? {});
    this.tasks.set(task.id, task);
    return { status: 201, body: task };
  }

  async #untilSettled(id: string, seconds: number): Promise<void> {
    const state = this.tasks.get(id)?.state;
    if (state !== 'pending' && state !== 'queued') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      timer.unref();
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

const notFound: FixedAnswer = {
  status: 404,
  body: { code: 'not_found', detail: 'There is no such task.', request_id: 'req_1' },
};

function send(response: ServerResponse, answer: FixedAnswer): void {
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
}

/** A queued task as the server makes it of a submit body. */
export function taskFrom(id: string, body: Record<string, unknown>): Task {
  const task: Partial<Task> = {
    id,
    queue_key: String(body.queue_key),
    state: 'queued',
    revision: 1,
    data: body.data as Task['data'],
    outcome: null,
    reviewed_at: null,
    queue: { key: String(body.queue_key) } as Task['queue'],
    reviews: [],
  };
  return task as Task;
}

/** The change that deciding a task with `result` makes to it. */
export function decision(result: string, ...earlier: Partial<Review>[]): Partial<Task> {
  const review: Partial<Review> = { id: 'rev_9', result: [result], voided_at: null };
  return {
    state: 'reviewed',
    reviewed_at: '2026-01-02T03:04:05.000000Z',
    outcome: { kind: 'decided', result: [result], reason: null } as Task['outcome'],
    reviews: [...earlier, review] as Review[],
  };
}
