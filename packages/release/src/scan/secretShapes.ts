/** Something that must be in no artifact, by what it looks like. */
export interface Shape {
  /** What it is, in words that do not repeat it. */
  readonly what: string;
  /** What it begins with, exactly: found fast in a hundred megabytes; the pattern is held against what follows. */
  readonly starts: readonly string[];
  /** From the beginning of a text of Latin-1. */
  readonly pattern: RegExp;
}

/** Keys that are written down nowhere but by mistake. Long enough that no word, no pattern and no example is one. */
export const secretShapes: readonly Shape[] = [
  { what: "an Anthropic key", starts: ["sk-ant-"], pattern: /^sk-ant-[\w-]{24,}/ },
  { what: "an OpenRouter key", starts: ["sk-or-v1-"], pattern: /^sk-or-v1-[A-Za-z0-9]{32,}/ },
  {
    what: "an OpenAI key",
    starts: ["sk-"],
    pattern: /^sk-(?!ant-|or-)(?=[\w-]*\d)(?=[\w-]*[A-Z])(?:proj-|svcacct-|admin-)?[\w-]{32,}/,
  },
  { what: "a Google key", starts: ["AIza"], pattern: /^AIza[\w-]{35}/ },
  {
    what: "an AWS key id",
    starts: ["AKIA", "ASIA"],
    pattern: /^A[KS]IA(?![A-Z0-9]*EXAMPLE)[A-Z0-9]{16}(?![A-Za-z0-9+/])/,
  },
  { what: "a GitHub token", starts: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], pattern: /^gh[pousr]_[A-Za-z0-9]{36,}/ },
  { what: "a GitHub token", starts: ["github_pat_"], pattern: /^github_pat_\w{50,}/ },
  { what: "a GitLab token", starts: ["glpat-"], pattern: /^glpat-[\w-]{20,}/ },
  { what: "an npm token", starts: ["npm_"], pattern: /^npm_(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{36}/ },
  { what: "a password of a registry", starts: ["_authToken=", "_password="], pattern: /^_\w+=(?!\$)[\w+/=-]{16,}/ },
  { what: "a Slack token", starts: ["xox"], pattern: /^xox[abeoprs]-[A-Za-z0-9-]{20,}/ },
  { what: "a signed token", starts: ["eyJ"], pattern: /^eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/ },
  {
    what: "a private key",
    starts: ["-----BEGIN "],
    pattern: /^-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:\s|\\n)+[\w+/:=, -]{40,}/,
  },
  { what: "a key of minisign", starts: ["RWRTY0Iy", "RWQAAEIy"], pattern: /^RW[\w+/]{209}=/ },
  { what: "a key of age", starts: ["AGE-SECRET-KEY-1"], pattern: /^AGE-SECRET-KEY-1[A-Z0-9]{50,}/ },
];
