#!/usr/bin/env node
/** What fakeAgent.c does, for a machine without a C compiler; a hundred times dearer, so its rows say less of the reader. */
const words = process.argv.slice(2);
const said = words.find((word) => word.includes("fake ")) ?? "";
const wanted = (name, otherwise) => Number(new RegExp(`${name}=(\\d+)`).exec(said)?.[1] ?? otherwise);
const session = "00000000-0000-4000-8000-000000000000";
const model = "claude-opus-5-5";
const usage = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 100, output_tokens: 5 };

const assistant = (message, content) => ({
  type: "assistant",
  message: { id: `msg_${message}`, type: "message", role: "assistant", model, content: [content], usage },
  parent_tool_use_id: null,
  session_id: session,
});
const text = (message, bytes) => assistant(message, { type: "text", text: "x".repeat(Math.max(0, bytes - 380)) });
const tool = (message, bytes) =>
  assistant(message, {
    type: "tool_use",
    id: `toolu_${message}`,
    name: "Bash",
    input: { command: `echo ${"x".repeat(Math.max(0, bytes - 430))}` },
  });
const answer = (message, bytes) => ({
  type: "user",
  message: {
    role: "user",
    content: [{ tool_use_id: `toolu_${message}`, type: "tool_result", content: "x".repeat(Math.max(0, bytes - 230)) }],
  },
  parent_tool_use_id: null,
  session_id: session,
});

async function print(event) {
  if (process.stdout.write(`${JSON.stringify(event)}\n`)) return;
  await new Promise((resolve) => process.stdout.once("drain", resolve));
}

async function transcript() {
  const [events, bytes] = [wanted("events", 32), wanted("bytes", 500)];
  const [delay, line] = [wanted("delay", 0), wanted("line", 0)];
  await print({
    type: "system",
    subtype: "init",
    session_id: session,
    model,
    tools: [],
    claude_code_version: "2.1.330",
  });
  const kinds = [text, tool, answer];
  for (let i = 0; i < events; i++) {
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    await print(kinds[i % 3](Math.floor(i / 3), bytes));
  }
  let messages = Math.floor((events + 2) / 3);
  if (line > 0) await print(text(messages++, line));
  const counted = { inputTokens: 10 * messages, outputTokens: 5 * messages, cacheReadInputTokens: 100 * messages };
  const total_cost_usd = 0.001 * messages;
  await print({
    type: "result",
    subtype: "success",
    is_error: false,
    num_turns: messages,
    result: "Done.",
    session_id: session,
    total_cost_usd,
    modelUsage: { [model]: { ...counted, cacheCreationInputTokens: 0, costUSD: total_cost_usd } },
    permission_denials: [],
  });
}

if (words.includes("--version")) console.log("2.1.330 (Claude Code)");
else await transcript();
