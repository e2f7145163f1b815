import { nodeProblem } from "./program/nodeVersion.ts";

// The global and not `node:process`: importing that makes every stream of the process, standard input too, at once.
const words = process.argv.slice(2);
const problem = nodeProblem(process.versions.node, process.execPath);

if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  const { programName, programVersion } = await import("./program/version.ts");
  // A reader that has gone, or a full disk: there is nobody left to tell.
  process.stdout.on("error", () => (process.exitCode = 1));
  process.stdout.write(`${programName} ${programVersion()}\n`);
} else if (problem === undefined) {
  const { runProgram } = await import("./program/program.ts");
  process.exit(await runProgram(words, { out: process.stdout, talk: process.stderr }));
} else {
  process.stderr.write(problem);
  process.exitCode = 2;
}
