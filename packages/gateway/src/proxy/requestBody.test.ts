import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anthropic } from "../dialects/anthropic.ts";
import { gemini } from "../dialects/gemini.ts";
import { openaiChat } from "../dialects/openaiChat.ts";
import { openaiResponses } from "../dialects/openaiResponses.ts";
import { readStart } from "./requestBody.ts";
import type { RequestBody } from "./requestBody.ts";

const packings = {
  identity: (bytes: Uint8Array) => Buffer.from(bytes),
  gzip: (bytes: Uint8Array) => gzipSync(bytes),
  "x-gzip": (bytes: Uint8Array) => gzipSync(bytes),
  deflate: (bytes: Uint8Array) => deflateSync(bytes),
  br: (bytes: Uint8Array) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: (bytes: Uint8Array) => zstdCompressSync(bytes),
};
const packing = fc.constantFrom(...(Object.keys(packings) as (keyof typeof packings)[]));
const cuts = fc.array(fc.nat(4000), { maxLength: 12 });
const readers = [anthropic, openaiChat, openaiResponses, gemini];

/** A request whose bytes come in these pieces; `isComplete` false: it broke off after them. */
function requestOf(bytes: Uint8Array, points: readonly number[], isComplete = true): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  const ends = [...points.map((cut) => cut % (bytes.length + 1)), 0, bytes.length].toSorted((a, b) => a - b);
  for (let at = 1; at < ends.length; at += 1) request.push(Buffer.from(bytes.subarray(ends[at - 1], ends[at])));
  request.complete = isComplete;
  request.push(null);
  return request;
}

const read = (bytes: Uint8Array, encoding?: string, points: readonly number[] = []): Promise<RequestBody> =>
  readStart(requestOf(bytes, points), encoding);

describe("what a request asks for", () => {
  test("is read however it is packed, wherever it is cut, and goes on byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue()),
        packing,
        fc.boolean(),
        cuts,
        async (said, kind, loud, points) => {
          const text = Buffer.from(JSON.stringify(said));
          const packed = packings[kind](text);
          const body = await read(packed, loud ? ` ${kind.toUpperCase()} ` : kind, points);
          expect(body).toMatchObject({ isWhole: true, isRead: true, bytes: text.byteLength });
          expect(body.json).toEqual(JSON.parse(text.toString()));
          expect(Buffer.concat(body.start).equals(packed)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("is never guessed: any bytes under any packing are read or said not to be, and go on as they are", async () => {
    const encoding = fc.oneof(packing, fc.constantFrom(undefined, "", "gzip, br", "compress", "__proto__", "toString"));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), encoding, cuts, async (bytes, kind, points) => {
        const body = await read(bytes, kind, points);
        expect(Buffer.concat(body.start).equals(Buffer.from(bytes))).toBe(true);
        const isPlain = kind === undefined || kind === "" || kind === "identity";
        expect([body.isWhole, body.json === undefined || body.isRead, body.isRead || !isPlain]).toEqual([
          true,
          true,
          true,
        ]);
      }),
      { numRuns: 500 },
    );
  });

  test.each(["gzip", "deflate", "br", "zstd"] as const)("is not read where %s was cut short", async (kind) => {
    const packed = packings[kind](Buffer.from(JSON.stringify({ model: "m", text: "x".repeat(5000) })));
    const body = await read(packed.subarray(0, packed.byteLength - 5), kind);
    expect(body).toMatchObject({ isWhole: true, isRead: false, json: undefined });
  });

  test.each(["gzip", "deflate", "br", "zstd"] as const)(
    "is not read where a little %s unpacks to 65 MB",
    async (kind) => {
      const bomb = packings[kind](Buffer.alloc(65 * 1024 * 1024, " "));
      expect(bomb.byteLength).toBeLessThan(200_000);
      expect(await read(bomb, kind)).toMatchObject({ isWhole: true, isRead: false, json: undefined });
    },
  );

  test("is not waited for where the body is longer than is read: its start is kept and the rest is still to come", async () => {
    const piece = Buffer.alloc(1024 * 1024, "x");
    const request = new IncomingMessage(new Socket());
    for (let at = 0; at < 10; at += 1) request.push(piece);
    const body = await readStart(request, undefined);
    expect(body).toMatchObject({ isWhole: false, isRead: false, json: undefined });
    let rest = 0;
    request.complete = true;
    request.push(null);
    for await (const chunk of request) rest += (chunk as Buffer).byteLength;
    expect(body.bytes + rest).toBe(10 * piece.byteLength);
  });

  test("is not made of half a request", async () => {
    const half = requestOf(Buffer.from('{"model":"m"}'), [], false);
    await expect(readStart(half, undefined)).rejects.toThrow("went away");
  });

  test("is what was said last where a name is given twice", async () => {
    const { json } = await read(Buffer.from('{"max_tokens":1,"model":"a","max_tokens":9}'));
    expect(json).toEqual({ max_tokens: 9, model: "a" });
  });
});

describe("every dialect reads, without failing,", () => {
  const wide = `[${"1,".repeat(1_000_000)}1]`;
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const deepObjects = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  test.each([
    ["a million members", wide],
    ["lists two hundred thousand deep", deep],
    ["objects a hundred thousand deep", deepObjects],
  ])("%s", async (_, value) => {
    const text = `{"cache_control":{},"messages":${value},"input":${value},"contents":${value},"tools":${value}}`;
    const { json } = await read(Buffer.from(text));
    for (const dialect of readers) {
      expect(dialect.readRequest(json ?? {}, "/v1beta/models/m:generateContent").pointsOutside).toBe(false);
    }
  });
});
