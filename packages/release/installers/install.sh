#!/bin/sh
# Installs claude-orchestrator @VERSION@ from an archive that is checked before anything is placed. `sh install.sh --help` says how.
# All of it is in functions, and the last line calls them: of a download that was cut off nothing runs.
set -u

version='@VERSION@'
base_url='@BASE_URL@'
# Who may sign a release: minisign's public keys, one a line.
release_keys='@KEYS@'
program=claude-orchestrator

usage() {
  cat <<USAGE
Installs $program: downloads it, checks it, and puts it below a prefix. It asks for no rights and changes no file of yours.

  --prefix FOLDER       where to: FOLDER/bin and FOLDER/share (as root /usr/local, else ~/.local)
  --version VERSION     another one than $version
  --base-url URL        a mirror; {version} in it stands for the version
  --from FOLDER         from files that are there, without a network
  --require-signature   stops where this machine has nothing to check a signature with (minisign, or OpenSSL 3)
  --modify-path         adds FOLDER/bin to PATH in ~/.profile where it is not in it
  --uninstall           takes away what was installed below the prefix, and what the program unpacked for you
  --help
USAGE
}

main() {
  prefix='' from='' require_signature=no modify_path=no action=install
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix | --version | --base-url | --from) [ $# -ge 2 ] || mistake "$1 wants a value" ;;
      *) ;;
    esac
    case $1 in
      --prefix) prefix=$2 && shift ;;
      --version) version=${2#v} && shift ;;
      --base-url) base_url=$2 && shift ;;
      --from) from=$2 && shift ;;
      --require-signature) require_signature=yes ;;
      --modify-path) modify_path=yes ;;
      --uninstall) action=uninstall ;;
      --help | -h) usage && exit 0 ;;
      *) mistake "there is no option $1" ;;
    esac
    shift
  done
  case $version in *[!0-9A-Za-z.-]* | '') mistake "\"$version\" is no version" ;; *) ;; esac
  [ -n "$prefix" ] || prefix=$(default_prefix) || exit 2
  case $prefix in /*) ;; *) prefix=$(pwd)/$prefix ;; esac
  receipt=$prefix/share/$program/installed-files
  if [ "$action" = uninstall ]; then
    uninstall
  else
    check_source
    install_program
  fi
}

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '\nhint: %s\n' "$2" >&2
  exit 1
}
mistake() {
  printf 'error: %s\n\nhint: %s\n' "$1" "${2:-sh install.sh --help}" >&2
  exit 2
}
has() { command -v "$1" >/dev/null 2>&1; }

default_prefix() {
  if [ "$(id -u)" = 0 ]; then
    say /usr/local
  elif [ -n "${HOME:-}" ]; then
    say "$HOME/.local"
  else
    mistake 'HOME is not set, so say where to: --prefix FOLDER'
  fi
}

# Before anything is made below the prefix.
check_source() {
  if [ -n "$from" ]; then
    [ -d "$from" ] || mistake "there is no folder $from" "say the folder that holds the release's files: --from FOLDER"
  else
    [ -n "$base_url" ] || mistake 'nobody has said where releases are' 'say --base-url URL, or --from FOLDER'
  fi
}

install_program() {
  platform=$(platform_name) || exit 1
  archive=$program-$version-$platform.tar.gz
  # Beside where it goes, so that it is placed by a rename; and private.
  umask 022
  prefix_made=no
  [ -e "$prefix" ] || prefix_made=yes
  mkdir -p "$prefix" 2>/dev/null
  { [ -d "$prefix" ] && [ -w "$prefix" ]; } || fail "$prefix cannot be written to" 'name another folder: --prefix FOLDER'
  scratch=$(mktemp -d "$prefix/.$program-install.XXXXXX") || fail "no folder could be made in $prefix"
  trap 'rm -rf "$scratch"; [ "$prefix_made" = no ] || rmdir "$prefix" 2>/dev/null' EXIT
  trap 'exit 130' HUP INT TERM
  say "Installing $program $version for $platform below $prefix"
  for name in SHA256SUMS SHA256SUMS.minisig "$archive"; do get "$name"; done
  check_signature
  check_hash
  mkdir "$scratch/unpacked"
  tar -xzf "$scratch/$archive" -C "$scratch/unpacked" ||
    fail "$archive could not be unpacked" 'is there room on the disk?'
  place "$scratch/unpacked/$program-$version-$platform"
  tell_path
}

platform_name() {
  system=$(uname -s) machine=$(uname -m)
  case $system in
    Linux) system=linux ;;
    Darwin) system=darwin ;;
    *) fail "there is no executable for $system" 'npm install -g claude-orchestrator, with Node 24' ;;
  esac
  case $machine in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) fail "there is no executable for $machine" 'npm install -g claude-orchestrator, with Node 24' ;;
  esac
  # A shell that was translated says x86_64 on Apple silicon.
  [ "$system" != darwin ] || [ "$(sysctl -n hw.optional.arm64 2>/dev/null)" != 1 ] || machine=arm64
  if [ "$system" = linux ] && ! has_glibc; then
    fail 'there is no executable for musl' 'apk add nodejs npm && npm install -g claude-orchestrator'
  fi
  say "$system-$machine"
}

has_glibc() {
  for loader in /lib64/ld-linux-* /lib/ld-linux-* /lib/*/ld-linux-* /usr/lib/ld-linux-*; do
    [ ! -e "$loader" ] || return 0
  done
  has getconf && getconf GNU_LIBC_VERSION >/dev/null 2>&1
}

get() {
  if [ -n "$from" ]; then
    [ -f "$from/$1" ] || fail "there is no $1 in $from" "copy it there from the release, or name the release's folder"
    cp "$from/$1" "$scratch/$1" || fail "$from/$1 could not be read"
    return
  fi
  url=$(say "$base_url" | sed "s/{version}/$version/g")
  url=${url%/}/$1
  if has curl; then
    curl --fail --silent --show-error --location --output "$scratch/$1" "$url" || fail "$url could not be downloaded"
  elif has wget; then
    wget -q -O "$scratch/$1" "$url" || fail "$url could not be downloaded"
  else
    fail 'neither curl nor wget is here' 'download the release and say --from FOLDER'
  fi
}

check_signature() {
  checked_by=''
  if has minisign; then
    checked_by=minisign
  elif openssl_knows_ed25519; then
    checked_by=OpenSSL
  elif [ "$require_signature" = yes ]; then
    fail 'nothing here can check a signature' 'install minisign, or OpenSSL 3'
  else
    say 'NOT checked: who signed it. Neither minisign nor OpenSSL 3 is here, so the hashes below are only as good as their source.'
    return
  fi
  for key in $release_keys; do
    if signed_by "$key"; then
      comment=$(sed -n 's/^trusted comment: //p' "$scratch/SHA256SUMS.minisig")
      case "	$comment	" in
        *"	version:$version	"*) ;;
        *) fail "the signature is good, but not for version $version: $comment" ;;
      esac
      say "Checked with $checked_by: SHA256SUMS is signed by $key"
      case $comment in *'TEST KEY'*) say 'This is NO RELEASE: it is signed with a key that anybody can make.' ;; *) ;; esac
      return
    fi
  done
  fail 'SHA256SUMS is not signed by any key of this program: nothing was installed' 'get it and this script from the release itself'
}

openssl_knows_ed25519() {
  has openssl && case $(openssl version 2>/dev/null) in 'OpenSSL 3'* | 'OpenSSL 4'*) true ;; *) false ;; esac
}

signed_by() {
  if [ "$checked_by" = minisign ]; then
    minisign -V -q -P "$1" -m "$scratch/SHA256SUMS" -x "$scratch/SHA256SUMS.minisig" >/dev/null 2>&1
    return
  fi
  # What minisign does: Ed25519 over the BLAKE2b of the file, and over that signature with its comment.
  (
    cd "$scratch" || exit 1
    say "$1" | openssl base64 -d -A >key || exit 1
    sed -n 2p SHA256SUMS.minisig | openssl base64 -d -A >first || exit 1
    sed -n 4p SHA256SUMS.minisig | openssl base64 -d -A >second || exit 1
    [ "$(wc -c <key)" -eq 42 ] && [ "$(wc -c <first)" -eq 74 ] && [ "$(wc -c <second)" -eq 64 ] || exit 1
    [ "$(head -c 2 first)" = ED ] && [ "$(bytes 3 8 <key | openssl base64)" = "$(bytes 3 8 <first | openssl base64)" ] || exit 1
    { printf '\060\052\060\005\006\003\053\145\160\003\041\000' && bytes 11 32 <key; } >key.der
    bytes 11 64 <first >signature
    openssl dgst -blake2b512 -binary SHA256SUMS >digest || exit 1
    { cat signature && sed -n '3s/^trusted comment: //p' SHA256SUMS.minisig | tr -d '\n'; } >commented
    verifies digest signature && verifies commented second
  ) >/dev/null 2>&1
}

bytes() { tail -c "+$1" | head -c "$2"; }

verifies() { openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in "$1" -sigfile "$2"; }

check_hash() {
  wanted=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$scratch/SHA256SUMS")
  [ -n "$wanted" ] || fail "SHA256SUMS does not name $archive"
  if has sha256sum; then
    found=$(sha256sum "$scratch/$archive")
  elif has shasum; then
    found=$(shasum -a 256 "$scratch/$archive")
  elif has openssl; then
    found=$(openssl dgst -sha256 -r "$scratch/$archive")
  else
    fail 'nothing here can compute a SHA-256' 'install coreutils or OpenSSL'
  fi
  found=${found%% *}
  [ "$found" = "$wanted" ] || fail "$archive is damaged or not what was released: nothing was installed" "SHA-256 is $found, and should be $wanted"
  say "Checked: $archive has the SHA-256 in SHA256SUMS"
}

# Each file by a rename: a program that runs goes on with the old one. The list comes first, so that what was begun can be taken away.
place() {
  files=$(cd "$1" && find bin share -type f | sort)
  made=$(missing_folders)
  mkdir -p "${receipt%/*}" || fail "$prefix/share cannot be written to"
  { [ ! -f "$receipt" ] || cat "$receipt"; say "$files"; say "$made"; } | sed '/^$/d' | sort -u >"$scratch/list"
  mv "$scratch/list" "$receipt" || fail "$receipt cannot be written"
  say "$files" | while IFS= read -r file; do
    { mkdir -p "$prefix/${file%/*}" && mv -f "$1/$file" "$prefix/$file"; } || exit 1
  done || fail "a file could not be placed below $prefix" 'take away what was placed with --uninstall'
  say "Placed: $prefix/bin/$program, with its manual pages, completions and licences below $prefix/share"
}

# Only what this makes is taken away again; `./` is the prefix itself.
missing_folders() {
  [ "$prefix_made" = no ] || say ./
  { say "$files" | sed 's|/[^/]*$||' | sort -u; say "share/$program"; } | while IFS= read -r folder; do
    while [ "$folder" != . ]; do
      [ -d "$prefix/$folder" ] || say "$folder/"
      folder=$(dirname "$folder")
    done
  done
}

tell_path() {
  case :${PATH:-}: in *":$prefix/bin:"*) return ;; *) ;; esac
  line="export PATH=\"$prefix/bin:\$PATH\""
  if [ "$modify_path" != yes ]; then
    say "$prefix/bin is not in your PATH. To have it there: $line"
  elif [ -z "${HOME:-}" ]; then
    fail 'HOME is not set, so there is no ~/.profile to add to'
  elif ! grep -qsF "$line" "$HOME/.profile"; then
    printf '%s\n' "$line" >>"$HOME/.profile" && say "Added to $HOME/.profile: $line"
  fi
}

uninstall() {
  [ -f "$receipt" ] || fail "nothing was installed below $prefix by this script" 'say where it is: --prefix FOLDER'
  while IFS= read -r file; do
    case $file in
      *..* | /*) fail "$receipt was changed: it names $file" ;;
      */) ;;
      *) rm -f "$prefix/$file" || fail "$prefix/$file could not be removed" ;;
    esac
  done <"$receipt"
  folders=$(sed -n 's|/$||p' "$receipt" | sort -r)
  rm -f "$receipt"
  # What somebody else has put something into stays.
  say "$folders" | while IFS= read -r folder; do
    case $folder in
      '') ;;
      .) rmdir "$prefix" 2>/dev/null ;;
      *) rmdir "$prefix/$folder" 2>/dev/null ;;
    esac
  done
  remove_cache
  say "Removed: what was placed below $prefix. Your runs (.orchestrator/) and the program's state stay."
}

remove_cache() {
  cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}/$program
  [ "$(uname -s)" != Darwin ] || cache=${HOME:-}/Library/Caches/$program
  [ ! -d "$cache/executable" ] || { rm -rf "$cache/executable" && say "Removed: $cache/executable, which the program had unpacked"; }
  rmdir "$cache" 2>/dev/null || true
}

main "$@"
