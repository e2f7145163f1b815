import { always, inTurns, inTurnsOfAll, type Scenarios } from "../scenario.ts";
import { call, message, say, shell } from "../step.ts";

const cached = { input: 12, output: 350, cacheWrite: 18_000, cacheRead: 5_500 };

function nodeWait(ms: number): string {
  return `node -e "setTimeout(()=>console.log(1),${ms})"`;
}

const patch = [
  "apply_patch <<'EOF'",
  "*** Begin Patch",
  "*** Add File: patched.txt",
  "+hello",
  "*** End Patch",
  "EOF",
].join("\n");

/** The model asks for tools, then answers. */
export const tools = {
  "tool-bash": inTurns(
    "runs `echo hi`, then answers; the first turn has cache tokens",
    message(["I will run a command.", shell("echo hi")], { usage: cached }),
    say("The command printed hi.", { usage: { input: 30, cacheRead: 23_500 } }),
  ),
  "tool-bash-fail": inTurns(
    "runs a command that exits 3, then answers",
    message([shell("ls /nonexistent-dir; exit 3")]),
    say("The command failed."),
  ),
  "tool-read": inTurns(
    "reads hello.txt, then answers",
    message([call({ tool: "read", path: "hello.txt" })]),
    say("I read the file."),
  ),
  "tool-write": inTurns(
    "writes out.txt, then answers",
    message(["Writing.", call({ tool: "write", path: "out.txt", content: "written by mock\n" })]),
    say("I wrote the file."),
  ),
  "permission-denied": inTurns(
    "tries to write denied.txt and tells whether it could: for permission modes that refuse",
    message(["I will write the file.", call({ tool: "write", path: "denied.txt", content: "should not exist\n" })]),
    say("I was not allowed to write the file."),
  ),
  "tool-env": inTurns(
    "prints the environment and process ids its tools see",
    message([shell("env | sort | cut -c1-120; echo PGID; ps -o pid,ppid,pgid,sid -p $$")]),
    say("Env printed."),
  ),
  "tool-two": inTurns(
    "two tool calls at once in one message",
    message(["Two at once.", shell("echo one"), shell("echo two")]),
    say("Both ran."),
  ),
  "tool-three-turns": inTurns(
    "two turns with a tool each, then answers; cache tokens in each",
    message([shell("echo 1")], { usage: cached }),
    message([shell("echo 2")], { usage: cached }),
    say("Done after three turns.", { usage: cached }),
  ),
  "tool-forever": {
    about: "a tool call in every turn, never an answer; 2,500 tokens a turn",
    step: ({ turn }) => message([`loop ${turn}`, shell(`echo loop ${turn}`)], { usage: { input: 2000, output: 500 } }),
  },
  "expensive-forever": {
    about: "as tool-forever, but 21,010 tokens and half a second a turn (20,000 in, 1,010 out): for budgets",
    step: ({ turn }) =>
      message([`expensive loop ${turn}`, shell(`echo loop ${turn}`)], {
        usage: { input: 20_000, output: 1_010 },
        // A model that answers in no time would be asked again before anybody could have read its last answer.
        pace: { firstMs: 400, pieceMs: 20, pieces: 5 },
      }),
  },
  expensive: always(
    "one answer of 21,010 tokens (20,000 in, 1,010 out)",
    say("An expensive answer.", { usage: { input: 20_000, output: 1_010 } }),
  ),
  "tool-slow3": {
    about: "six turns with a tool of 1.5 s each",
    step: ({ turn }) => (turn < 6 ? message([shell(nodeWait(1500))]) : say("Six slow turns done.")),
  },
  "tool-sleep": inTurns("a tool that runs 30 s", message(["Sleeping.", shell(nodeWait(30_000))]), say("Slept.")),
  "tool-sleep5": inTurns("a tool that runs 5 s", message(["Sleeping.", shell(nodeWait(5_000))]), say("Slept.")),
  "tool-bg": inTurnsOfAll(
    "a shell command in the background (3 s)",
    message([call({ tool: "shell", command: nodeWait(3000), background: true })]),
    say("Background started."),
  ),
  "tool-unknown": inTurns(
    "calls a tool that does not exist, then answers",
    message([call({ tool: "raw", name: "NoSuchTool", input: { a: 1 } })]),
    say("Recovered from unknown tool."),
  ),
  "tool-mcp": inTurns(
    "calls mcp__demo__add, then answers",
    message([call({ tool: "raw", name: "mcp__demo__add", input: { a: 2, b: 3 } })]),
    say("MCP said five."),
  ),
  "codex-patch": inTurns("adds patched.txt by apply_patch (codex)", message([shell(patch)]), say("Patched.")),
  "codex-plan": inTurns(
    "calls update_plan (codex)",
    message([
      call({
        tool: "raw",
        name: "update_plan",
        input: {
          plan: [
            { step: "Do A", status: "in_progress" },
            { step: "Do B", status: "pending" },
          ],
        },
      }),
    ]),
    say("Planned."),
  ),
  todo: inTurns(
    "calls TodoWrite",
    message([
      call({
        tool: "raw",
        name: "TodoWrite",
        input: { todos: [{ content: "Do A", status: "in_progress", activeForm: "Doing A" }] },
      }),
    ]),
    say("Todo written."),
  ),
} satisfies Scenarios;
