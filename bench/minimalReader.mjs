/**
 * The least a Node program can do with N agents: spawn them all, split what they print into lines, JSON.parse each, add up
 * the usage. No log, no budget, no screen, no stop. Words: N, the program, its words.
 */
import { spawn } from "node:child_process";

const [, , count, program, ...words] = process.argv;
const sum = { events: 0, input: 0, output: 0, costUsd: 0 };

function read(line) {
  const event = JSON.parse(line);
  sum.events += 1;
  if (event.type !== "result") return;
  sum.costUsd += event.total_cost_usd;
  for (const usage of Object.values(event.modelUsage)) {
    sum.input += usage.inputTokens;
    sum.output += usage.outputTokens;
  }
}

for (let i = 0; i < Number(count); i++) {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  let rest = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk) => {
    // Only the new chunk is searched: joining first would make one long line quadratic.
    const lines = chunk.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop();
    for (const line of lines) read(line);
  });
}
process.on("exit", () => console.log(JSON.stringify(sum)));
