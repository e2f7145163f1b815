import type { AttemptState, RunEvent } from "@claude-orchestrator/domain";

export type WithoutPlace<Event> = Event extends unknown ? Omit<Event, "instance" | "attempt"> : never;

/** Events made of single words of an agent, as an attempt appends them. */
export type AttemptNews = WithoutPlace<
  Extract<RunEvent, { readonly type: "attempt-identified" | "attempt-denied" | "limit-observed" }>
>;

type NewsOf<Type extends AttemptNews["type"]> = Extract<AttemptNews, { readonly type: Type }>;

/** Hears the whole output of an attempt again and keeps what the log of its earlier supervisor lacks. */
export class Replay {
  readonly #known: AttemptState;
  readonly #denied: NewsOf<"attempt-denied">[] = [];
  /** The last word on each window: to tell it once more changes nothing. */
  readonly #limits = new Map<string, NewsOf<"limit-observed">>();
  #identified: NewsOf<"attempt-identified"> | undefined;

  constructor(known: AttemptState) {
    this.#known = known;
  }

  hear(news: AttemptNews): void {
    if (news.type === "attempt-denied") this.#denied.push(news);
    else if (news.type === "limit-observed") this.#limits.set(news.window, news);
    else this.#identified = { ...this.#identified, ...news };
  }

  get unknown(): readonly AttemptNews[] {
    const identified = this.#identified;
    const isKnown = identified === undefined || isSaidBy(this.#known, identified);
    return [
      ...(isKnown ? [] : [identified]),
      ...this.#denied.slice(this.#known.denied.length),
      ...this.#limits.values(),
    ];
  }
}

function isSaidBy(known: AttemptState, news: NewsOf<"attempt-identified">): boolean {
  const { sessionId, model, agentVersion, permissionMode } = { ...known, ...news };
  return (
    sessionId === known.sessionId &&
    model === known.model &&
    agentVersion === known.agentVersion &&
    permissionMode === known.permissionMode
  );
}
