import { expect, test } from "vitest";
import { createEnvironment } from "./environment.ts";

test("the short list has no secret, no terminal and no Node options", () => {
  const environment = createEnvironment(
    {
      PATH: "/bin",
      HOME: "/home/me",
      LC_ALL: "C.UTF-8",
      https_proxy: "http://proxy",
      TERM: "xterm",
      NODE_OPTIONS: "--require ./evil.js",
      ANTHROPIC_API_KEY: "dummy",
      AWS_SECRET_ACCESS_KEY: "dummy",
      LD_PRELOAD: "/evil.so",
      EMPTY: undefined,
    },
    "linux",
  );
  expect(environment.base()).toEqual({
    PATH: "/bin",
    HOME: "/home/me",
    LC_ALL: "C.UTF-8",
    https_proxy: "http://proxy",
  });
  expect(environment.get("ANTHROPIC_API_KEY")).toBe("dummy");
  expect(environment.get("NOT_SET")).toBeUndefined();
});

test("on Windows names are found in any case and keep the case they have", () => {
  const environment = createEnvironment({ Path: "C:\\bin", SystemRoot: "C:\\Windows", SECRET: "x" }, "win32");
  expect(environment.base()).toEqual({ Path: "C:\\bin", SystemRoot: "C:\\Windows" });
  expect(environment.get("PATH")).toBe("C:\\bin");
});
