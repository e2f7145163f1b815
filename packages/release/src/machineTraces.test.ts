import { expect, test } from "vitest";
import { machineTraces, machineWords } from "./machineTraces.ts";

test("a file that tells where it was made is named, with what it tells", () => {
  const files = [
    { path: "clean.js", bytes: Buffer.from("nothing") },
    { path: "map.json", bytes: Buffer.from('{"file":"/home/somebody/clone/a.ts"}') },
    { path: "home/somebody/clone", bytes: Buffer.from("") },
  ];
  expect(machineTraces(files, ["/home/somebody/clone"])).toEqual(["map.json holds `/home/somebody/clone`"]);
});

test("the clone is among the words that are looked for, whatever the machine is called", () => {
  const words = machineWords("/somewhere/clone");
  expect(words).toContain("/somewhere/clone");
  expect(words.filter((word) => word.length < 5)).toEqual([]);
});
