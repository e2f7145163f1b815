import type { AbstractCall } from "../step.ts";

/**
 * What the stand-in answers in the demo: it recognises a task by a phrase of its prompt and follows a script of real tool
 * calls. Answers may use what the tools gave back and what the prompt brought along, so that they are true of the workspace.
 */
export interface Story {
  /** Found in the prompt, whatever its case. The first story that matches is told. */
  readonly match: string;
  /** One per model turn; the last one ends the work. */
  readonly turns: readonly StoryTurn[];
}

export interface StoryTurn {
  readonly say?: string | ((scene: Scene) => string);
  readonly calls?: readonly AbstractCall[] | ((scene: Scene) => readonly AbstractCall[]);
}

export interface Scene {
  /** The prompt, less what the CLI put around it. */
  readonly prompt: string;
  /** What the tools called in the turn before answered. */
  readonly toolResults: readonly string[];
}

const survey: Story = {
  match: "survey this project",
  turns: [
    {
      say: "I will look at the sources and the README at the same time.",
      calls: [
        { tool: "shell", command: "wc -l src/*.js" },
        { tool: "read", path: "README.md" },
      ],
    },
    {
      say: ({ toolResults }) =>
        `${countedLines(toolResults)}. Money is the part that must be right, so money.js comes first.`,
      calls: [
        {
          tool: "structured",
          value: {
            summary: "A household ledger in three small modules: amounts, entries, a table of balances.",
            riskiest_file: "src/money.js",
            other_files: ["src/ledger.js", "src/report.js"],
          },
        },
      ],
    },
    { say: "A household ledger in three small modules; src/money.js carries the most risk." },
  ],
};

const reviewMoney: Story = {
  match: "review src/money.js",
  turns: [
    { say: "Reading the file.", calls: [{ tool: "read", path: "src/money.js" }] },
    {
      say: "Something to check by running it: floor() on a product of floating-point numbers.",
      calls: [
        {
          tool: "shell",
          command: `node -e 'import("./src/money.js").then((m) => console.log(m.parseAmount("19.99"), m.parseAmount("1.15")))'`,
        },
      ],
    },
    {
      say: ({ toolResults }) =>
        `Amounts lose a cent: parseAmount("19.99") and parseAmount("1.15") should give 1999 and 115${observed(toolResults)}. ` +
        "19.99 * 100 is 1998.9999… in floating point and Math.floor cuts it off (line 5); Math.round keeps the cent.",
    },
  ],
};

const reviewLedger: Story = {
  match: "review src/ledger.js",
  turns: [
    { say: "Reading the file.", calls: [{ tool: "read", path: "src/ledger.js" }] },
    {
      say:
        "history() sorts the ledger's own list in place and hands it out (line 15): a caller that changes the answer changes the " +
        "ledger. Sort a copy with toSorted(). Otherwise the file is clear.",
    },
  ],
};

const documentation: Story = {
  match: "use a sub-agent",
  turns: [
    {
      say: "Delegating the search.",
      calls: [
        {
          tool: "agent",
          description: "Find undocumented exports",
          prompt:
            "List every exported function in src/ that has no comment directly above it. Answer with file and name only.",
        },
      ],
    },
    {
      say: "Without a doc comment: formatAmount (src/money.js) and balanceTable (src/report.js). The most needed is formatAmount, because it says nothing of its unit, cents.",
    },
  ],
};

const documentationSearch: Story = {
  match: "list every exported function",
  turns: [
    { say: "Searching.", calls: [{ tool: "shell", command: "grep -n -B1 '^export function' src/*.js" }] },
    { say: "src/money.js formatAmount; src/report.js balanceTable" },
  ],
};

const report: Story = {
  match: "write report.md",
  turns: [
    {
      say: "Putting the findings into one file.",
      calls: ({ prompt }) => [
        { tool: "write", path: "REPORT.md", content: `# Review of pocket-ledger\n\n${findings(prompt)}\n` },
      ],
    },
    { say: "REPORT.md is written. The gravest finding: amounts lose a cent in src/money.js, line 5." },
  ],
};

const headline: Story = {
  match: "what should be done first",
  turns: [{ say: "Fix Math.floor in src/money.js before anything else: about one price in seventeen loses a cent." }],
};

/** Order matters: a prompt may quote the findings of the work before it. */
export const stories: readonly Story[] = [
  report,
  headline,
  survey,
  documentationSearch,
  documentation,
  reviewMoney,
  reviewLedger,
];

function countedLines(toolResults: readonly string[]): string {
  const total = /(\d+) total/.exec(toolResults.join("\n"))?.[1];
  return total === undefined ? "The sources are small" : `The sources have ${total} lines`;
}

function observed(toolResults: readonly string[]): string {
  const numbers = /(\d+) (\d+)/.exec(toolResults.join("\n"));
  return numbers === null ? "" : ` and gave ${numbers[1]} and ${numbers[2]} when I ran them`;
}

/** The part of the prompt that brings the findings: from its first heading on. */
function findings(prompt: string): string {
  const start = prompt.indexOf("## ");
  return start === -1 ? prompt : prompt.slice(start);
}
