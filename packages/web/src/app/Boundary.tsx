import { Component } from "react";
import type { ReactNode } from "react";
import { ErrorNote } from "../kit/Notes.tsx";
import { PartIsMissing } from "./later.tsx";

const bugTitle = "This screen cannot be shown: that is a bug of this page";

interface BoundaryState {
  readonly error?: unknown;
}

/** A screen with a bug takes only itself away: where one can go stays. */
export class Boundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = {};

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <ErrorNote
        title={error instanceof PartIsMissing ? "This screen cannot be read" : bugTitle}
        error={error}
        retry={error instanceof PartIsMissing ? () => location.reload() : () => this.setState({ error: undefined })}
      />
    );
  }
}
