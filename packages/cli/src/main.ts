import { argv, exit, stderr, stdout } from "node:process";

const words = argv.slice(2);

if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  const { programName, programVersion } = await import("./program/version.ts");
  stdout.write(`${programName} ${programVersion()}\n`);
} else {
  const { runProgram } = await import("./program/program.ts");
  exit(await runProgram(words, { out: stdout, talk: stderr }));
}
