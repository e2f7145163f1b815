import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { UserError } from "@claude-orchestrator/domain";
import { Channel } from "../io/channel.ts";
import { noPaint } from "../views/text/paint.ts";
import { reportError } from "./reportError.ts";

function report(error: unknown, verbose = false): { code: number; text: string } {
  let text = "";
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const code = reportError(error, { talk: new Channel(stream, noPaint), verbose });
  return { code, text };
}

describe("an error", () => {
  test("of a person is its sentence and its hint, without a stack", () => {
    const error = new UserError("usage", "That is no file\u001b[2J", { hint: "name one" });
    expect(report(error)).toEqual({ code: 2, text: "error: That is no file\n\nhint: name one\n" });
  });

  test("of ours says so, and shows its stack only when asked", () => {
    const short = report(new TypeError("x is not a function"));
    expect(short.code).toBe(70);
    expect(short.text).toContain("error: x is not a function\n\nhint: this is our bug");
    expect(short.text).not.toContain("reportError.test");
    expect(report(new TypeError("x is not a function"), true).text).toContain("reportError.test");
  });
});

test("a channel whose reader has gone drops what is written, and says that it is closed", async () => {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("gone"), { code: "EPIPE" })),
  });
  const channel = new Channel(stream, noPaint);
  channel.write("first");
  await channel.closed;
  channel.write("second");
  await channel.flush();
  expect(channel.isClosed).toBe(true);
});

test("a channel that fails for another reason is closed as quietly, and remembers the first reason", async () => {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("full"), { code: "ENOSPC" })),
  });
  const channel = new Channel(stream, noPaint);
  channel.write("first");
  channel.write("second");
  await channel.flush();
  expect(channel.isClosed).toBe(true);
  expect(channel.failure).toMatchObject({ code: "ENOSPC" });
});
