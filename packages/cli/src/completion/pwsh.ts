import { programName } from "../program/version.ts";
import type { CompletionNode } from "./completionTree.ts";

/** A native argument completer: words and flags by the command typed so far. */
export function pwshScript(nodes: readonly CompletionNode[]): string {
  return `# Completion of ${programName} for PowerShell
Register-ArgumentCompleter -Native -CommandName ${programName} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $known = @{
${nodes.map((node) => `    ${pwshWord(node.path)} = @(${entriesOf(node).join(", ")})`).join("\n")}
  }
  $path = ''
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    $next = ("$path " + $element.ToString()).Trim()
    if ($known.ContainsKey($next) -and $element.Extent.EndOffset -lt $cursorPosition) { $path = $next }
  }
  $known[$path] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function entriesOf({ words, flags }: CompletionNode): readonly string[] {
  return [...words.map(({ word }) => word), ...flags.map(({ name }) => `--${name}`)].map(pwshWord);
}

function pwshWord(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
