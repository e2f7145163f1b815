import { expect, test } from "vitest";
import { nodeProblem } from "./nodeVersion.ts";

test.each(["22.22.0", "22.23.2", "24.0.0", "24.21.0", "26.1.0"])("Node %s is good enough", (version) => {
  expect(nodeProblem(version, "/usr/bin/node")).toBeUndefined();
});

test.each(["18.20.8", "20.20.2", "22.21.9", "23.11.0"])(
  "Node %s is refused, with what is needed and where it is",
  (version) => {
    const problem = nodeProblem(version, "/usr/bin/node");
    expect(problem).toContain(
      `needs Node 22.22 or newer (22, 24 or 26), and this is Node ${version} (/usr/bin/node)\n`,
    );
    expect(problem).toContain("hint: install Node 24");
  },
);
