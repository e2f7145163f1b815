import { createElement, useEffect, useSyncExternalStore } from "react";
import type { ComponentType, FunctionComponent } from "react";
import { addressOf } from "../data/ask.ts";
import { Loading } from "../kit/Notes.tsx";

/** A browser that could not read a part of a page does not ask for it again, whatever the server has by now. */
export class PartIsMissing extends Error {
  constructor(cause: unknown) {
    super("It could not be read when it was asked for: load the page anew", { cause });
    this.name = "PartIsMissing";
  }
}

/** Shown like any component; read when it first is, or before. */
export type Later<Props> = FunctionComponent<Props> & { readonly read: () => Promise<unknown> };

type Read<Props> = () => Promise<{ default: ComponentType<Props> }>;

const pauseMs = 1_000;

/**
 * A part of the page that is read when it is first shown; until then it says that `what` is being loaded. Where no server answers just
 * then that is until one does: what is shown then throws `PartIsMissing`.
 *
 * React's own `lazy` would do, but that what was read before is shown only after grey bars, and these stay for 300 ms.
 */
export function later<Props extends object>(what: string, read: Read<Props>): Later<Props> {
  const part = new Part(read);
  function Shown(props: Props) {
    const Component = useSyncExternalStore(part.subscribe, part.component);
    useEffect(() => void part.show(), []);
    return Component === undefined ? <Loading what={what} rows={8} /> : createElement(Component, props);
  }
  return Object.assign(Shown, { read: () => part.read() });
}

class Part<Props> {
  readonly #read: Read<Props>;
  readonly #listeners = new Set<() => void>();
  #component: ComponentType<Props> | undefined;
  #missing: PartIsMissing | undefined;

  constructor(read: Read<Props>) {
    this.#read = read;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Undefined until it is read. @throws PartIsMissing */
  readonly component = (): ComponentType<Props> | undefined => {
    if (this.#missing !== undefined) throw this.#missing;
    return this.#component;
  };

  async read(): Promise<void> {
    const { default: component } = await this.#read();
    this.#component = component;
    this.#tell();
  }

  async show(): Promise<void> {
    if (this.#component !== undefined) return;
    try {
      await this.read();
    } catch (error) {
      while (!(await serverAnswers())) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      this.#missing = new PartIsMissing(error);
      this.#tell();
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch(addressOf("health"))).ok;
  } catch {
    return false;
  }
}
