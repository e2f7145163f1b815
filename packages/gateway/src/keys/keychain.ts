import type { KeySource } from "@claude-orchestrator/domain";

type Keychain = Extract<KeySource, { kind: "keychain" }>;

/** The system's own program that gives a key out of the system's own store. */
export interface KeychainProgram {
  readonly argv: readonly [string, ...string[]];
  /** Beside the environment it is started in. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it is not installed. */
  readonly install: string;
  /** How a person puts a key there. */
  readonly store: string;
}

/**
 * Which program to ask on this system: the Secret Service's on Linux and its like, `security` on macOS, the Credential Manager
 * through PowerShell on Windows. Names of a person's choosing are words of their own or variables, never part of a script.
 */
export function keychainProgram({ service, account }: Keychain, platform: NodeJS.Platform): KeychainProgram {
  switch (platform) {
    case "darwin":
      return {
        argv: ["/usr/bin/security", "find-generic-password", "-s", service, ...words("-a", account), "-w"],
        env: {},
        install: "it is part of macOS",
        store: `security add-generic-password -s ${quoted(service)} -a ${quoted(account ?? "key")} -w`,
      };
    case "win32": {
      const target = account === undefined ? service : `${service}/${account}`;
      return {
        argv: ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", readCredential],
        env: { [targetVariable]: target },
        install: "it is part of Windows",
        store: `cmdkey /generic:${quoted(target)} /user:${quoted(account ?? "key")} /pass`,
      };
    }
    default: {
      const attributes = ["service", service, ...words("account", account)];
      return {
        argv: ["secret-tool", "lookup", ...attributes],
        env: {},
        install: "install libsecret-tools (Debian, Ubuntu) or libsecret (Fedora, Arch)",
        store: ["secret-tool store --label=Key", ...attributes.map(quoted)].join(" "),
      };
    }
  }
}

function words(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [name, value];
}

/** As a person would type it; nothing here is ever given to a shell. */
function quoted(word: string): string {
  return /^[\w./@:-]+$/.test(word) ? word : `"${word}"`;
}

const targetVariable = "CLAUDE_ORCHESTRATOR_CREDENTIAL";

/**
 * PowerShell has no command for it: CredReadW gives a CREDENTIALW, of which the blob's size and address are read, at the places they
 * have for either size of a pointer. 1 is CRED_TYPE_GENERIC; what `cmdkey` and most programs write there is UTF-16.
 */
const readCredential = `
$ErrorActionPreference = 'Stop'
Add-Type -Namespace Keys -Name Store -MemberDefinition '
[DllImport("advapi32", CharSet = CharSet.Unicode, SetLastError = true)]
public static extern bool CredReadW(string target, int type, int flags, out System.IntPtr credential);'
$found = [IntPtr]::Zero
if (-not [Keys.Store]::CredReadW($env:${targetVariable}, 1, 0, [ref]$found)) { exit 44 }
$pointer = [IntPtr]::Size
$size = [Runtime.InteropServices.Marshal]::ReadInt32($found, 16 + 2 * $pointer)
$blob = [Runtime.InteropServices.Marshal]::ReadIntPtr($found, 16 + 3 * $pointer)
[Console]::Out.Write([Runtime.InteropServices.Marshal]::PtrToStringUni($blob, $size / 2))
`;
