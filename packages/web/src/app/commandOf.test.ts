import { describe, expect, it } from "vitest";
import { commandOf } from "./commandOf.ts";

describe("the command for a terminal", () => {
  it("shows the run, the instance's log or its changes, whatever its name is", () => {
    expect(commandOf("/runs/run_a", "")).toBe("claude-orchestrator show run_a");
    expect(commandOf("/runs/run_a", "?tab=log&instance=a+b&line=3")).toBe("claude-orchestrator logs run_a 'a b'");
    expect(commandOf("/runs/run_a", "?tab=changes&instance=a")).toBe("claude-orchestrator diff run_a a");
    expect(commandOf("/runs/run_a", "?tab=cost&instance=a")).toBe("claude-orchestrator show run_a a");
  });

  it("adds up the same time by the same thing", () => {
    expect(commandOf("/costs", "")).toBe("claude-orchestrator usage --since 30d --by model");
    expect(commandOf("/costs", "?since=2026-01-01&until=2026-01-31&by=agent&demo=yes")).toBe(
      "claude-orchestrator usage --since 2026-01-01 --until 2026-01-31 --by agent --include-demo",
    );
  });

  it("is the nearest there is for every place", () => {
    expect(commandOf("/system", "")).toBe("claude-orchestrator doctor");
    expect(commandOf("/nowhere", "")).toBe("claude-orchestrator ps");
  });
});
