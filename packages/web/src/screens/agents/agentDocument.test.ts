import { describe, expect, it } from "vitest";
import { abilities, agentStanding } from "./agentDocument.ts";

const agent = {
  name: "claude",
  about: "",
  installed: true,
  path: ["/bin/claude"],
  version: "2.1.330",
  known_bad: null,
  version_problem: null,
  install: null,
  capabilities: { usage: "live", cost: "reported", resume: true, mcp: false },
};

describe("an agent in words", () => {
  it("tells what it can do", () => {
    expect(abilities(agent)).toEqual(["tokens while it works", "its own cost", "goes on with a session"]);
  });

  it("tells whether it can be used", () => {
    expect(agentStanding(agent)).toEqual({ tone: "good", words: "version 2.1.330" });
    expect(agentStanding({ ...agent, path: null })).toEqual({ tone: "good", words: "built in" });
    expect(agentStanding({ ...agent, installed: false }).tone).toBe("idle");
    expect(agentStanding({ ...agent, known_bad: "it loses output" }).words).toBe(
      "2.1.330 is known to be bad: it loses output",
    );
  });
});
