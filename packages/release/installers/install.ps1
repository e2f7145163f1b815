# Installs claude-orchestrator @VERSION@ for you alone, from an archive that is checked before anything is placed. Changes nothing but its own
# folder, and your PATH only with -ModifyPath. All of it is in functions, and the last line calls them: of a download that was cut off
# nothing runs. To see how: Get-Help .\install.ps1 -Detailed
<#
.SYNOPSIS
Downloads claude-orchestrator, checks it, and puts it into a folder of yours.
.PARAMETER Prefix
Where to; %LOCALAPPDATA%\Programs\claude-orchestrator without it.
.PARAMETER Version
Another version than the script's own.
.PARAMETER BaseUrl
A mirror; {version} in it stands for the version.
.PARAMETER From
A folder with the release's files: no network is asked.
.PARAMETER RequireSignature
Stops where minisign is not here to check the signature.
.PARAMETER ModifyPath
Adds the folder to your PATH.
.PARAMETER Uninstall
Takes away what was installed, and what the program unpacked for you.
.PARAMETER Help
Shows this.
#>
[CmdletBinding()]
param(
  [string] $Prefix = '',
  [ValidatePattern('^v?[0-9A-Za-z.-]+$')] [string] $Version = '@VERSION@',
  [string] $BaseUrl = '@BASE_URL@',
  [string] $From = '',
  [switch] $RequireSignature,
  [switch] $ModifyPath,
  [switch] $Uninstall,
  [switch] $Help
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
# Who may sign a release: minisign's public keys, one a line.
$ReleaseKeys = '@KEYS@' -split "\r?\n"
$Program = 'claude-orchestrator'

function Stop-Installation([string] $Problem, [string] $Hint, [int] $Code = 1) {
  $text = "error: $Problem"
  if ($Hint) { $text += "`n`nhint: $Hint" }
  [Console]::Error.WriteLine($text)
  exit $Code
}

function Get-ReleaseFile([string] $Name, [string] $Folder) {
  $target = Join-Path $Folder $Name
  if ($From) {
    $source = Join-Path $From $Name
    if (-not (Test-Path -LiteralPath $source -PathType Leaf)) {
      Stop-Installation "there is no $Name in $From" "copy it there from the release, or name the release's folder"
    }
    Copy-Item -LiteralPath $source -Destination $target
    return
  }
  $address = $BaseUrl.Replace('{version}', $Version).TrimEnd('/') + '/' + $Name
  try {
    # Windows PowerShell 5 offers old versions of TLS first, and draws its progress slowly.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072
    $ProgressPreference = 'SilentlyContinue'
    Invoke-WebRequest -UseBasicParsing -Uri $address -OutFile $target
  } catch {
    Stop-Installation "$address could not be downloaded: $($_.Exception.Message)" ''
  }
}

function Test-Signature([string] $Folder) {
  $minisign = Get-Command minisign -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
  if (-not $minisign) {
    if ($RequireSignature) { Stop-Installation 'nothing here can check a signature' 'winget install jedisct1.minisign' }
    Write-Output 'NOT checked: who signed it. minisign is not here, so the hashes below are only as good as their source.'
    return
  }
  $list = Join-Path $Folder 'SHA256SUMS'
  # Windows PowerShell 5 takes any word on standard error for an end.
  $ErrorActionPreference = 'Continue'
  foreach ($key in $ReleaseKeys) {
    & $minisign.Source -V -q -P $key -m $list -x "$list.minisig" *> $null
    if ($LASTEXITCODE -ne 0) { continue }
    $comment = Get-Content -LiteralPath "$list.minisig" | Where-Object { $_.StartsWith('trusted comment: ') }
    if (-not ("`t" + $comment + "`t").Contains("`tversion:$Version`t")) {
      Stop-Installation "the signature is good, but not for version ${Version}: $comment" ''
    }
    Write-Output "Checked with minisign: SHA256SUMS is signed by $key"
    if ("$comment".Contains('TEST KEY')) { Write-Output 'This is NO RELEASE: it is signed with a key that anybody can make.' }
    return
  }
  Stop-Installation 'SHA256SUMS is not signed by any key of this program: nothing was installed' `
    'get it and this script from the release itself'
}

function Test-Hash([string] $Folder, [string] $Archive) {
  $lines = @(Get-Content -LiteralPath (Join-Path $Folder 'SHA256SUMS') | Where-Object { ($_ -split '[ *]+', 2)[1] -eq $Archive })
  if ($lines.Count -ne 1) { Stop-Installation "SHA256SUMS does not name $Archive" '' }
  $wanted = $lines[0].Substring(0, 64)
  $found = (Get-FileHash -Algorithm SHA256 -LiteralPath (Join-Path $Folder $Archive)).Hash
  if ($found -ne $wanted) {
    Stop-Installation "$Archive is damaged or not what was released: nothing was installed" "SHA-256 is $found, and should be $wanted"
  }
  Write-Output "Checked: $Archive has the SHA-256 in SHA256SUMS"
}

# Before anything is made.
function Test-Source {
  if ($From) {
    if (-not (Test-Path -LiteralPath $From -PathType Container)) {
      Stop-Installation "there is no folder $From" "say the folder that holds the release's files: -From FOLDER" 2
    }
  } elseif (-not $BaseUrl) {
    Stop-Installation 'nobody has said where releases are' 'say -BaseUrl URL, or -From FOLDER' 2
  }
}

function Install-Program {
  if ($env:PROCESSOR_ARCHITECTURE -eq 'x86' -and -not $env:PROCESSOR_ARCHITEW6432) {
    Stop-Installation 'there is no executable for Windows of 32 bits' ''
  }
  $name = "$Program-$Version-win-x64"
  $scratch = Join-Path ([IO.Path]::GetTempPath()) "$Program-$([Guid]::NewGuid())"
  New-Item -ItemType Directory -Path $scratch | Out-Null
  try {
    Write-Output "Installing $Program $Version for win-x64 into $Prefix"
    foreach ($file in 'SHA256SUMS', 'SHA256SUMS.minisig', "$name.zip") { Get-ReleaseFile $file $scratch }
    Test-Signature $scratch
    Test-Hash $scratch "$name.zip"
    Expand-Archive -LiteralPath (Join-Path $scratch "$name.zip") -DestinationPath (Join-Path $scratch 'unpacked')
    New-Item -ItemType Directory -Force -Path $Prefix | Out-Null
    $old = Join-Path $Prefix "$Program.exe"
    # One that runs cannot be written over, but it can be renamed.
    Remove-Item -Force -ErrorAction SilentlyContinue -LiteralPath "$old.old"
    if (Test-Path -LiteralPath $old) { Move-Item -Force -LiteralPath $old -Destination "$old.old" }
    Copy-Item -Recurse -Force -Path (Join-Path $scratch "unpacked\$name\*") -Destination $Prefix
    Remove-Item -Force -ErrorAction SilentlyContinue -LiteralPath "$old.old"
    Write-Output "Placed: $old"
    Show-Path
  } finally {
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue -LiteralPath $scratch
  }
}

function Show-Path {
  $user = [Environment]::GetEnvironmentVariable('Path', 'User')
  if (("$user;$env:Path" -split ';') -contains $Prefix) { return }
  if (-not $ModifyPath) {
    Write-Output "$Prefix is not in your PATH. To have it there, install with -ModifyPath"
    return
  }
  [Environment]::SetEnvironmentVariable('Path', ("$user;$Prefix").TrimStart(';'), 'User')
  Write-Output "Added to your PATH: $Prefix"
}

function Uninstall-Program {
  if (-not (Test-Path -LiteralPath (Join-Path $Prefix "$Program.exe"))) {
    Stop-Installation "nothing was installed in $Prefix" 'say where it is: -Prefix FOLDER'
  }
  # Only what an archive has: the folder may hold something of yours.
  foreach ($name in "$Program.exe", "$Program.exe.old", "completions\$Program.ps1", 'LICENSE', 'THIRD-PARTY-LICENSES') {
    $file = Join-Path $Prefix $name
    if (Test-Path -LiteralPath $file) { Remove-Item -Force -LiteralPath $file }
  }
  foreach ($folder in (Join-Path $Prefix 'completions'), $Prefix) {
    if ((Test-Path -LiteralPath $folder) -and -not (Get-ChildItem -Force -LiteralPath $folder)) { Remove-Item -LiteralPath $folder }
  }
  $cache = Join-Path $env:LOCALAPPDATA "$Program\executable"
  if (Test-Path -LiteralPath $cache) { Remove-Item -Recurse -Force -LiteralPath $cache }
  $user = [Environment]::GetEnvironmentVariable('Path', 'User')
  if (("$user" -split ';') -contains $Prefix) {
    $others = @("$user" -split ';' | Where-Object { $_ -ne $Prefix }) -join ';'
    [Environment]::SetEnvironmentVariable('Path', $others, 'User')
  }
  Write-Output "Removed: what was placed in $Prefix. Your runs (.orchestrator\) and the program's state stay."
}

function Start-Script {
  if ($Help) { return Get-Help -Detailed $PSCommandPath }
  $script:Version = $Version -replace '^v', ''
  if (-not $Prefix) { $script:Prefix = Join-Path $env:LOCALAPPDATA "Programs\$Program" }
  if ($Uninstall) { return Uninstall-Program }
  Test-Source
  Install-Program
}

Start-Script
