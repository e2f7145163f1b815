import type { Actor, Answer, Asked, RouteName, Routes, RunSummaryDocument } from "@claude-orchestrator/protocol";
import type { FoundRun } from "@claude-orchestrator/store";

/** What the server answers by itself: who asks, what the logs hold, what happens now. */
type OwnRoute =
  | "getHealth"
  | "signIn"
  | "signOut"
  | "getSession"
  | "getOpenApi"
  | "listRuns"
  | "listEvents"
  | "readLog"
  | "searchLog"
  | "downloadLog"
  | "openLive"
  | "changeTopics";

export type FleetRoute = Exclude<RouteName, OwnRoute>;

/** An attempt's raw output. */
export interface OutputFile {
  /** Absolute; it need not be there yet. */
  readonly path: string;
  /** True where nothing more will be written. Asked before reading, what was written until then is read for certain. */
  isOver(): boolean;
}

export interface OutputWish {
  readonly instance: string;
  readonly attempt?: number | undefined;
  readonly stream: "stdout" | "stderr";
}

/** Who acts. */
export interface FleetCall {
  readonly principal: { readonly actor: Actor };
}

/**
 * What the server asks of the program it is part of: how runs are started, stopped and shown is not decided here. A person's mistake
 * is thrown as a UserError.
 */
export interface Fleet {
  readonly routes: {
    readonly [Name in FleetRoute]: (asked: Asked<Routes[Name]>, call: FleetCall) => Promise<Answer<Routes[Name]>>;
  };
  readonly version: string;
  /** Absolute; where relative paths begin. */
  readonly workspace: string;
  readonly runsFolder: string;
  /**
   * A line of the list, read anew; undefined for a run that is only just being made.
   *
   * @param before what was read last: still so, while another program holds its log for a moment
   */
  summaryOf(run: FoundRun, before?: RunSummaryDocument): RunSummaryDocument | undefined;
  /** @throws UserError instance-not-found, log-not-usable */
  outputOf(run: FoundRun, wish: OutputWish): OutputFile;
}
