/** An address that reaches nobody: there is none yet. */
export const maintainer = "claude-orchestrator contributors <contributors@claude-orchestrator.invalid>";

/** In the form that machines read (DEP 5). */
export function copyright(licence: string): string {
  const holder = /^Copyright \(c\) (.+)$/m.exec(licence)?.[1] ?? "claude-orchestrator contributors";
  const text = licence
    .slice(licence.indexOf("Permission is hereby granted"))
    .trim()
    .split("\n")
    .map((line) => (line === "" ? " ." : ` ${line}`))
    .join("\n");
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: claude-orchestrator
Comment:
 The program contains code of others, whose licences are in THIRD-PARTY-LICENSES.gz beside this file. The Node.js inside has its
 own, which the program unpacks beside it as LICENSE-node.

Files: *
Copyright: ${holder}
License: Expat

License: Expat
${text}
`;
}

/** What `lintian` finds and is meant so. */
export const lintianOverrides = `# The launcher is static, so that it can say what is missing where nothing else starts.
claude-orchestrator: shared-library-lacks-prerequisites [usr/bin/claude-orchestrator]
`;
