/** The real server: `target/debug/signoff serve` on a fresh folder and a free port, with an administrator logged in. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
export const binary =
  process.env.SIGNOFF_BINARY ?? join(process.env.CARGO_TARGET_DIR ?? join(repository, 'target'), 'debug', 'signoff');
export const example = join(repository, 'examples', 'outbound-email');

/** A request as somebody makes it who is no agent. */
export interface PersonalRequest {
  method?: 'GET' | 'POST';
  body?: unknown;
  headers?: Record<string, string>;
}

export class SignoffServer {
  readonly baseUrl: string;
  readonly #folder: string;
  readonly #port: number;
  #process: ChildProcess | undefined;
  #output = '';
  #cookie = '';
  /** Access token of the administrator, who may review. */
  personToken = '';

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.baseUrl = `http://127.0.0.1:${port}`;
  }

  /** Starts a server with its own data and makes the first administrator and their access token. */
  static async create(): Promise<SignoffServer> {
    if (!existsSync(binary)) throw new Error(`${binary} is not there: run \`cargo build\` first.`);
    const server = new SignoffServer(mkdtempSync(join(tmpdir(), 'signoff-sdk-')), await freePort());
    await server.start();
    await server.#logIn();
    return server;
  }

  /** Starts the process on the same data and port, and returns once it answers. */
  async start(): Promise<void> {
    const child = spawn(binary, ['serve'], {
      cwd: this.#folder,
      env: { ...process.env, SIGNOFF_LISTEN: `127.0.0.1:${this.#port}`, SIGNOFF_DATA_DIR: join(this.#folder, 'data') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const collect = (chunk: unknown) => {
      this.#output += String(chunk);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    for (let tries = 0; tries < 500; tries += 1) {
      if (child.exitCode !== null) break;
      const ready = await fetch(`${this.baseUrl}/readyz`).catch(() => undefined);
      if (ready?.ok) return;
      await sleep(20);
    }
    throw new Error(`The server did not start.\n${this.#output}`);
  }

  /** Ends the process with a signal and returns once it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** Ends the process and removes its data. */
  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Asks as the administrator in the console. */
  async asAdmin<T = unknown>(path: string, { method = 'POST', body, headers }: PersonalRequest = {}): Promise<T> {
    const session = { cookie: this.#cookie, origin: this.baseUrl, 'x-signoff-csrf': '1' };
    return (await this.#ask(path, method, body, { ...session, ...headers })).json() as Promise<T>;
  }

  /** Reviews a task as a person. */
  async review(taskId: string, answer: object, revision = 1): Promise<void> {
    await this.#ask(`/v1/task/${taskId}/review`, 'POST', answer, {
      authorization: `Bearer ${this.personToken}`,
      'if-match': `"${revision}"`,
    });
  }

  /** Makes an API key with the default scopes, or with `scopes`. */
  async makeKey(scopes?: string[]): Promise<string> {
    const body = { name: 'sdk', ...(scopes === undefined ? {} : { scopes }) };
    return (await this.asAdmin<{ key: string }>('/v1/key', { body })).key;
  }

  async #logIn(): Promise<void> {
    const token = /\/app\/link#([A-Za-z0-9_-]+)/.exec(this.#output)?.[1];
    if (token === undefined) throw new Error(`The server printed no login link.\n${this.#output}`);
    const answer = await this.#ask(
      '/v1/login/link',
      'POST',
      { token },
      { origin: this.baseUrl, 'x-signoff-csrf': '1' },
    );
    this.#cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    this.personToken = (await this.asAdmin<{ token: string }>('/v1/token', { body: { name: 'reviewer' } })).token;
  }

  async #ask(path: string, method: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(this.baseUrl + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...content,
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
