import type {
  AskedOfDesk,
  ObservedWindow,
  RequestAnswer,
  RequestDesk,
  RequestEnd,
} from "@claude-orchestrator/engine/ports";

/** A desk that grants all, until told otherwise, and remembers everything. */
export class TestDesk implements RequestDesk {
  readonly asked: AskedOfDesk[] = [];
  readonly settled: { readonly request: number; readonly end: RequestEnd }[] = [];
  readonly waited: string[] = [];
  readonly windows: ObservedWindow[] = [];
  answer: (asked: AskedOfDesk, number: number) => RequestAnswer = (_, request) => ({ is: "granted", request });
  /** Requests that are kept from being sent, now. */
  held = 0;
  #granted = 0;
  #heard: (() => void)[] = [];

  holds(): () => void {
    let isHeld = true;
    this.held += 1;
    return () => {
      if (isHeld) this.held -= 1;
      isHeld = false;
      this.#tell();
    };
  }

  ask(asked: AskedOfDesk): RequestAnswer {
    this.asked.push(asked);
    const answer = this.answer(asked, this.#granted + 1);
    if (answer.is === "granted") this.#granted += 1;
    this.#tell();
    return answer;
  }

  recorded(): Promise<void> {
    return Promise.resolve();
  }

  settle(request: number, end: RequestEnd): void {
    this.settled.push({ request, end });
    this.#tell();
  }

  waits(reason: string): void {
    this.waited.push(reason);
    this.#tell();
  }

  saw(window: ObservedWindow): void {
    this.windows.push(window);
    this.#tell();
  }

  get granted(): number {
    return this.#granted;
  }

  /** Settles when the condition holds: looked at again with every word to the desk. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#heard.push(resolve));
  }

  #tell(): void {
    const heard = this.#heard;
    this.#heard = [];
    for (const each of heard) each();
  }
}
