import { nodeProblem } from "./program/nodeVersion.ts";

// What stands here is read by Nodes that are too old for all the rest: no `await` outside of a function, nothing newer than they are.
// The global and not `node:process`: importing that makes every stream of the process, standard input too, at once.
const words = process.argv.slice(2);
const problem = nodeProblem(process.versions.node, process.execPath);
const [exitCodeOfMistake, exitCodeOfBug] = [2, 70];

void start();

async function start(): Promise<void> {
  const isVersionAsked = words[0] === "--version" || words[0] === "-V";
  if (isVersionAsked && (words.length === 1 || (words.length === 2 && words[1] === "--verbose"))) {
    const { programName, programVersion } = await import("./program/version.ts");
    // A reader that has gone, or a full disk: there is nobody left to tell.
    process.stdout.on("error", () => (process.exitCode = 1));
    process.stdout.write(`${programName} ${programVersion()}\n`);
    if (words.length === 2) {
      const { installedLines } = await import("./program/installedAs.ts");
      process.stdout.write(installedLines());
    }
  } else if (problem === undefined) {
    // Whoever waits for nothing any more, and has not said how it ended, must not look like a success.
    process.exitCode = exitCodeOfBug;
    const { runProgram } = await import("./program/program.ts");
    process.exit(await runProgram(words, { out: process.stdout, talk: process.stderr }));
  } else {
    process.stderr.write(problem);
    process.exitCode = exitCodeOfMistake;
  }
}
