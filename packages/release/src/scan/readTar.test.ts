import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { makeTarGz } from "../tar/makeTarGz.ts";
import { partsOf } from "./partsOf.ts";
import { readTar } from "./readTar.ts";

test("a tar holds its members and, once, its headers, whatever the members' sizes", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3000), { minLength: 1, maxLength: 40 }), (sizes) => {
      const files = sizes.map((size, index) => ({
        path: `file-${String(index).padStart(2, "0")}`,
        bytes: Buffer.alloc(size, "x"),
      }));
      const parts = readTar(gunzipSync(makeTarGz(files, 0)));
      expect(parts.map(({ name }) => name)).toEqual([...files.map((file) => file.path), "(headers)"]);
      expect(parts.flatMap((part) => partsOf(part))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
