import { lazy } from "react";
import type { ComponentType, LazyExoticComponent } from "react";
import { addressOf } from "../data/ask.ts";

/** A browser that could not read a part of a page does not ask for it again, whatever the server has by now. */
export class PartIsMissing extends Error {
  constructor(cause: unknown) {
    super("It could not be read when it was asked for: load the page anew", { cause });
    this.name = "PartIsMissing";
  }
}

/** Shown like any component; read when it first is, or before. */
export type Later<Props> = LazyExoticComponent<ComponentType<Props>> & { readonly read: () => Promise<unknown> };

const pauseMs = 1_000;

/**
 * A part of the page that is read when it is first shown. Where no server answers just then it is being loaded until one does: what is
 * shown then throws `PartIsMissing`.
 */
export function later<Props>(read: () => Promise<{ default: ComponentType<Props> }>): Later<Props> {
  const orSay = async (): ReturnType<typeof read> => {
    try {
      return await read();
    } catch (error) {
      while (!(await serverAnswers())) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      throw new PartIsMissing(error);
    }
  };
  return Object.assign(lazy(orSay), { read });
}

async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch(addressOf("health"))).ok;
  } catch {
    return false;
  }
}
