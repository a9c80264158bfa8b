// The real binary on a fresh folder and a free port, with SQLite, and the API as its first administrator and as an agent.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Event, JsonObject, Queue, Task } from "../src/api/types";

const BINARY =
  process.env.SIGNOFF_BINARY ??
  `${process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../target", import.meta.url))}/debug/signoff`;

export const ADMIN = { name: "Ada Lindqvist", email: "ada@example.org", password: "correct horse battery" };

export interface Submission {
  queue_key: string;
  data: JsonObject;
  context?: JsonObject;
  metadata?: JsonObject;
  summary?: string;
  external_id?: string;
  choices?: { key: string; label: string; description?: string; data?: JsonObject }[];
  priority?: string;
  sla_minutes?: number;
}

export class TestServer {
  readonly base: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "signoff-console-"));
  readonly #port: number;
  #process: ChildProcess | undefined;
  #output = "";
  #cookie = "";
  #key = "";

  private constructor(port: number) {
    this.#port = port;
    this.base = `http://127.0.0.1:${port}`;
  }

  /** Starts a server on which nobody has logged in yet. */
  static async start(): Promise<TestServer> {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is not there: run cargo build -p signoff-server first.`);
    const server = new TestServer(await freePort());
    await server.#launch();
    return server;
  }

  /** Starts a server with its administrator named and logged in, and an agent's key. */
  static async ready(): Promise<TestServer> {
    const server = await TestServer.start();
    const answer = await server.#fetch("POST", "/v1/login/link", { token: server.linkToken }, {});
    server.#cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    await server.admin("PATCH", "/v1/me", ADMIN);
    server.#key = (await server.admin<{ key: string }>("POST", "/v1/key", { name: "support-agent" })).key;
    return server;
  }

  /** The secret in the one-time login link that the server printed when it started. */
  get linkToken(): string {
    const token = /\/app\/link#(?:token=)?([A-Za-z0-9_-]+)/.exec(this.#output)?.[1];
    if (token === undefined) throw new Error(`The server printed no login link.\n${this.#output}`);
    return token;
  }

  /** The administrator's session cookie, for a browser that is to be logged in. */
  get session(): { name: string; value: string; url: string } {
    const [name = "", value = ""] = this.#cookie.split(/=(.*)/s);
    return { name, value, url: this.base };
  }

  async admin<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    return read(await this.#fetch(method, path, body, { cookie: this.#cookie, ...headers }));
  }

  async agent<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    return read(await this.#fetch(method, path, body, { authorization: `Bearer ${this.#key}` }));
  }

  /** As whoever holds a token or another session. */
  async as<T = unknown>(headers: Record<string, string>, method: string, path: string, body?: unknown): Promise<T> {
    return read(await this.#fetch(method, path, body, headers));
  }

  queue(key: string, review_type: string, more: JsonObject = {}): Promise<Queue> {
    return this.admin("POST", "/v1/queue", { key, name: key, review_type, ...more });
  }

  submit(task: Submission): Promise<Task> {
    return this.agent("POST", "/v1/task", task);
  }

  task(id: string): Promise<Task> {
    return this.agent("GET", `/v1/task/${id}`);
  }

  events(id: string): Promise<Event[]> {
    return this.agent("GET", `/v1/task/${id}/event`);
  }

  /** A second reviewer, by invitation: the headers with which they ask. */
  async reviewer(name: string): Promise<Record<string, string>> {
    const { link } = await this.admin<{ link: string }>("POST", "/v1/invitation", {
      email: `${name.toLowerCase()}@example.org`,
      role: "reviewer",
    });
    const token = /#(?:token=)?([A-Za-z0-9_-]+)/.exec(link)?.[1];
    const answer = await this.#fetch("POST", "/v1/invitation/accept", { token, name, password: ADMIN.password }, {});
    if (!answer.ok) throw new Error(`accepting the invitation answered ${answer.status}: ${await answer.text()}`);
    return { cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #launch(): Promise<void> {
    const child = spawn(BINARY, ["serve"], {
      cwd: this.#folder,
      env: { ...process.env, SIGNOFF_LISTEN: `127.0.0.1:${this.#port}`, SIGNOFF_DATA: join(this.#folder, "data") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        this.#output += String(chunk);
      });
    }
    for (let tries = 0; tries < 500 && child.exitCode === null; tries++) {
      const ready = await fetch(`${this.base}/readyz`).catch(() => undefined);
      if (ready?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`The server did not start.\n${this.#output}`);
  }

  #fetch(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    return fetch(this.base + path, {
      method,
      headers: {
        ...(headers.authorization === undefined ? { origin: this.base, "x-signoff-csrf": "1" } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

async function read<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
