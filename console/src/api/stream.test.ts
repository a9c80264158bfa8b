import { describe, expect, it } from "vitest";
import { type Message, messages } from "./stream";

async function read(chunks: (string | Uint8Array)[]): Promise<Message[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
  const found: Message[] = [];
  for await (const message of messages(body)) found.push(message);
  return found;
}

describe("the event stream", () => {
  it("gives each message with its id and joins its data lines", async () => {
    expect(await read(["id: 7\nevent: task.submitted\ndata: {\ndata: }\n\n"])).toEqual([{ id: "7", data: "{\n}" }]);
  });

  it("does not care where the network cuts, inside a character or a line end", async () => {
    const whole = new TextEncoder().encode("id: 1\r\ndata: é\r\n\r\ndata: b\n\n");
    for (let at = 1; at < whole.length; at++) {
      expect(await read([whole.slice(0, at), whole.slice(at)])).toEqual([
        { id: "1", data: "é" },
        { id: "1", data: "b" },
      ]);
    }
  });

  it("drops heartbeats and a message that was not finished", async () => {
    expect(await read([": beat\n\n", ": beat\n\ndata: half"])).toEqual([]);
  });
});
