import type { LoggedEvent } from "@claude-orchestrator/domain";
import type { Channel, Io } from "../io/channel.ts";
import { LiveView } from "../views/live/liveView.ts";
import { PlainView } from "../views/plain/plainView.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import type { Glyphs } from "../views/text/glyphs.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import { sturdyDisplay } from "./sturdyDisplay.ts";

/** Shows a run while it happens. Nothing is shown that is not in the log, but for answers to a key pressed. */
export interface Display {
  show(events: readonly LoggedEvent[]): void;
  /** Takes in what happened before, for a run that is taken up: nothing is told anew that was told then. */
  recall(events: readonly LoggedEvent[]): void;
  /** Whole lines that stay, whatever the display draws. */
  print(text: string): void;
  /** What is so until it is taken back; seen only in a view that redraws, elsewhere `print` must have said it. */
  notice(text: string | undefined): void;
  /** Shows nothing more and gives the screen back. Safe to call twice. */
  end(): void;
}

export interface DisplayWish {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Lines, even on a terminal: for screen readers. */
  readonly plain: boolean;
}

export function createDisplay(io: Io, wish: DisplayWish): Display {
  const glyphs = glyphsFor(io.env);
  const talk = sturdyDisplay(talkDisplay(io, wish, glyphs), io.talk);
  return wish.json ? jsonDisplay(io.out, talk) : talk;
}

function talkDisplay(io: Io, wish: DisplayWish, glyphs: Glyphs): Display {
  const write = (text: string): void => io.talk.write(text);
  const nothing = (): void => undefined;
  if (wish.quiet || (wish.json && io.out.isTTY))
    return { show: nothing, recall: nothing, print: write, notice: nothing, end: nothing };
  if (isLive(io, wish)) return withNotices(liveDisplay(io.talk, glyphs), io.talk);
  const view = new PlainView({ verbose: wish.verbose, glyphs, endFollows: !wish.json }, io.talk.paint, write);
  return withNotices(
    {
      show: (events) => view.show(events),
      recall: (events) => view.recall(events),
      print: write,
      notice: nothing,
      end: () => view.end(),
    },
    io.talk,
  );
}

function liveDisplay(talk: Channel, glyphs: Glyphs): Display {
  const view = new LiveView({ terminal: liveTerminal(talk), paint: talk.paint, glyphs, now: () => Date.now() });
  const release = talk.hold((text) => view.print(text));
  return {
    show: (events) => view.show(events),
    recall: (events) => view.show(events),
    print: (text) => view.print(text),
    notice: (text) => view.setNotice(text),
    end: () => {
      view.end();
      release();
    },
  };
}

/** A terminal that can move its cursor, that somebody watches, and nobody who asked for lines. */
function isLive({ talk, env }: Io, { plain, verbose }: DisplayWish): boolean {
  const isPlain = plain || verbose || (env["CLAUDE_ORCHESTRATOR_PLAIN"] ?? "") !== "" || (env["CI"] ?? "") !== "";
  return talk.isTTY && !isPlain && env["TERM"] !== "dumb";
}

/** Written to through the channel: a terminal that has gone is written to no more. */
function liveTerminal(channel: Channel): ConstructorParameters<typeof LiveView>[0]["terminal"] {
  const { stream } = channel;
  return {
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    write: (text) => channel.writeThrough(text),
    on: (event, listener) => stream.on(event, listener),
    off: (event, listener) => stream.off(event, listener),
  };
}

/** One line for each. */
export function noticesText(notices: readonly string[], talk: Channel): string {
  return notices.map((notice) => `${talk.paint("warn", "note:")} ${cleanLine(notice)}\n`).join("");
}

/** What the person should be told of the plan, once, before anything else. */
function withNotices(view: Display, talk: Channel): Display {
  return {
    show(events) {
      for (const event of events) {
        if (event.type !== "run-created") continue;
        const said = [...event.plan.notices, ...(event.demo === undefined ? [] : [event.demo])];
        const text = noticesText(said, talk);
        if (text !== "") view.print(text);
      }
      view.show(events);
    },
    recall: (events) => view.recall(events),
    print: (text) => view.print(text),
    notice: (text) => view.notice(text),
    end: () => view.end(),
  };
}

/** Every event as one line of JSON on standard output; the talk goes on beside it. */
function jsonDisplay(out: Channel, talk: Display): Display {
  return {
    show(events) {
      out.write(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
      talk.show(events);
    },
    recall: (events) => talk.recall(events),
    print: (text) => talk.print(text),
    notice: (text) => talk.notice(text),
    end: () => talk.end(),
  };
}
