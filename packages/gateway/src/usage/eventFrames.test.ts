import fc from "fast-check";
import { expect, test } from "vitest";
import { EventFrames } from "./eventFrames.ts";

function read(bytes: Uint8Array, cuts: readonly number[]): readonly string[] {
  const heard: string[] = [];
  const frames = new EventFrames((data) => heard.push(data));
  const points = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length].toSorted((a, b) => a - b);
  for (let at = 1; at < points.length; at += 1) frames.take(bytes.subarray(points[at - 1], points[at]));
  frames.end();
  return heard;
}

const text = fc.string({ unit: "binary", maxLength: 20 }).map((each) => each.replaceAll(/[\r\n]/g, "x"));
const event = fc.record({
  name: fc.option(text),
  data: fc.array(text, { minLength: 1, maxLength: 3 }),
  comment: fc.boolean(),
});
const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
const cuts = fc.array(fc.nat(4000), { maxLength: 30 });

test("events come out as they went in, whatever the line ends and wherever the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 8 }), lineEnd, cuts, (events, end, points) => {
      const wire = events
        .map(({ name, data, comment }) =>
          [
            ...(comment ? [": a comment"] : []),
            ...(name === null ? [] : [`event: ${name}`]),
            ...data.map((line) => `data: ${line}`),
            "",
            "",
          ].join(end),
        )
        .join("");
      expect(read(Buffer.from(wire), points)).toEqual(
        events.map(({ data }) => Buffer.from(data.join("\n")).toString("utf8")),
      );
    }),
    { numRuns: 2000 },
  );
});

test("any bytes at all are read without failing, and alike however they are cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, points) => {
      expect(read(bytes, points)).toEqual(read(bytes, []));
    }),
    { numRuns: 2000 },
  );
});

test("an event too long to keep is left out, and those after it are heard", () => {
  const heard: string[] = [];
  const frames = new EventFrames((data) => heard.push(data));
  frames.take(Buffer.from("data: "));
  const piece = Buffer.alloc(1024 * 1024, "x");
  for (let at = 0; at < 20; at += 1) frames.take(piece);
  frames.take(Buffer.from("\n\ndata: small\n\n"));
  expect(heard).toEqual(["small"]);
});
