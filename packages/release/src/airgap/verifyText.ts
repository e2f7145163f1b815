/** What lies beside the files of a release, for whoever has them on a disk and nothing else. */
export function verifyText(version: string): string {
  return `claude-orchestrator ${version}: verify, then install. None of it needs a network.

1. The list is ours. Take the public key from a second place you trust, not from this folder.

     minisign -V -P RW... -m SHA256SUMS
     signify-openbsd -V -p release.pub -m SHA256SUMS      (the same, with SHA256SUMS.sig)

2. The files are those of the list. Every line has to say OK.

     sha256sum --check SHA256SUMS                         (macOS: shasum -a 256 --check SHA256SUMS)

   With a claude-orchestrator you trust already, 1 and 2 at once, and that no file was added:

     claude-orchestrator verify .

3. Install one form. index.html lists them all with what to type; it opens from a disk and asks nobody for anything.

     npm install -g --offline ./claude-orchestrator-${version}.tgz
     pip install --no-index ./claude_orchestrator-${version}-....whl
     chmod +x claude-orchestrator-${version}-PLATFORM

What each file is: manifest.json. The guide and the prices the program counts with: claude-orchestrator-${version}-docs.tar.gz.
`;
}
