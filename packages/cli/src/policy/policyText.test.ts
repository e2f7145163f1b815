import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { policyBytes } from "./policyText.ts";

const owner = process.getuid?.() ?? 0;

function why(path: string, of = owner): string {
  try {
    return policyBytes({ path, owner: of }) === undefined ? "none" : "read";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test("the file of an administrator is read, and where there is none there is no policy", () => {
  using folder = makeFolder({ "policy.yaml": "gateway: required\n" });
  expect(policyBytes({ path: join(folder.path, "policy.yaml"), owner })?.toString()).toBe("gateway: required\n");
  expect(why(join(folder.path, "no.yaml"))).toBe("none");
  expect(why(join(folder.path, "no", "policy.yaml"))).toBe("none");
});

test("what somebody else could have written stops the program", () => {
  using folder = makeFolder({ "policy.yaml": "gateway: required\n" });
  const path = join(folder.path, "policy.yaml");
  expect(why(path, owner + 1)).toMatch(/cannot be used: it does not belong to root$/);
  chmodSync(path, 0o664);
  expect(why(path)).toMatch(/cannot be used: it can be written by others than its owner$/);
  chmodSync(path, 0o644);
  chmodSync(folder.path, 0o777);
  expect(why(path)).toMatch(/cannot be used: its folder .* can be written by others than its owner$/);
});

test("what is no file of its own stops the program", () => {
  using folder = makeFolder({ "real.yaml": "gateway: required\n" });
  symlinkSync("real.yaml", join(folder.path, "policy.yaml"));
  mkdirSync(join(folder.path, "folder.yaml"));
  expect(why(join(folder.path, "policy.yaml"))).toMatch(/it is a symbolic link$/);
  expect(why(join(folder.path, "folder.yaml"))).toMatch(/it is no file$/);
  expect(why(join(folder.path, "real.yaml", "policy.yaml"))).toMatch(/cannot be used: ENOTDIR/);
});
