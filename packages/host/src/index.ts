export { createClock } from "./clock.ts";
export {
  baseEnvironmentNames,
  baseEnvironmentPrefixes,
  createEnvironment,
  windowsEnvironmentNames,
} from "./environment.ts";
export { keepMemoryLean } from "./leanMemory.ts";
export { createProcessHost, type LocalProcessHost, type ProcessHostOptions } from "./processes/processHost.ts";
export type { ContainmentFacts, ContainmentWish } from "./processes/containment.ts";
export { endLeftProcesses, type LeftProcesses } from "./reaper/endLeftProcesses.ts";
export { reap, type ReapOptions } from "./reaper/reap.ts";
export { startReaper, type Reaper, type ReaperOptions } from "./reaper/startReaper.ts";
export { createNotifier, testTargets, type Notifier, type NotifierOptions } from "./notify/notifier.ts";
export { registryKey, registryPolicy } from "./policy/registryPolicy.ts";
export { postOutbound } from "./outbound/postOutbound.ts";
export { getOutbound } from "./outbound/getOutbound.ts";
export { proxyOf } from "./outbound/proxyOf.ts";
export { describeTargets } from "./notify/describeTargets.ts";
export { createCheckRunner, describeCheck, type CheckRunnerOptions } from "./checks/checkRunner.ts";
export { locateProgram, type LocateOptions, type ProgramLocation } from "./programs/locateProgram.ts";
export { readVersion, type VersionAnswer } from "./programs/readVersion.ts";
export { discoverCommands, type CommandFile } from "./workspace/discoverCommands.ts";
export { readWorkspaceContext } from "./workspace/workspaceContext.ts";
export { freeSpaceAt } from "./freeSpace.ts";
export { ownFoldersRoot } from "./workspace/own/ownFolder.ts";
export { measureFolder } from "./workspace/own/measureFolder.ts";
export { createGit, type Git } from "./workspace/git/git.ts";
export { findRepository } from "./workspace/git/repository.ts";
export { assignFolders, type AssignedFolders } from "./workspace/own/assignFolders.ts";
export { createWorkspaces } from "./workspace/own/createWorkspaces.ts";
export { readDifference, type Difference } from "./workspace/own/readDifference.ts";
export { land, type Landing, type LandingConflict } from "./workspace/own/landing.ts";
export { isWorktreeRecord, listRecords, type RecordedFolder } from "./workspace/own/listRecords.ts";
export {
  inspectWorktree,
  removeUntouched,
  removeWorktree,
  type RecordedWorktree,
  type WorktreeReport,
} from "./workspace/own/removeWorktree.ts";
export { doctorFacts, signInState, type DoctorFacts, type SignInState } from "./doctorFacts.ts";
export { makeRunsDirectory, runsDirectoryPath, type RunsDirectoryOptions } from "./runsDirectory.ts";
export type { BoundedText } from "./insideFolder.ts";
export { askControl, type ControlAnswerOrNot, type ControlPlace } from "./control/askControl.ts";
export { openControlServer, type ControlServer } from "./control/controlServer.ts";
export { removeControlAddress } from "./control/controlAddress.ts";
export type { ControlReply, ControlRequest } from "./control/controlMessages.ts";
export { takeHandedEnvironment } from "./processes/handedEnvironment.ts";
export { startDetached, tellStarter, type DetachedStart } from "./processes/startDetached.ts";
export { startAside } from "./processes/startAside.ts";
export { isAlive, ownIdentity } from "./platform/identity.ts";
export { startSession, type SessionEnd, type SessionProgram } from "./processes/startSession.ts";
