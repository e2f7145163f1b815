import { isJsonObject, noUsage } from "@claude-orchestrator/domain";
import type { JsonValue, TokenUsage } from "@claude-orchestrator/domain";
import type { Dialect } from "../dialects/dialect.ts";

/** What has been heard of one answer so far. Counts that come several times are totals: the latest word counts. */
export class HeardAnswer {
  readonly #dialect: Dialect;
  #usage: Partial<TokenUsage> = {};
  model: string | undefined;
  /** Characters of output that passed. */
  outputLength = 0;
  isComplete = false;
  hasFailed = false;
  /** Something was charged that tokens do not tell. */
  isChargedBeside = false;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** A whole answer or one event of it, as text. What is no JSON object says nothing. */
  takeText(text: string): void {
    let value: JsonValue;
    try {
      value = JSON.parse(text) as JsonValue;
    } catch {
      return;
    }
    // Gemini streams a list where it is not asked for events.
    for (const each of Array.isArray(value) ? (value as readonly JsonValue[]) : [value]) this.#take(each);
  }

  #take(value: JsonValue): void {
    if (!isJsonObject(value)) return;
    const news = this.#dialect.readAnswer(value);
    this.model = news.model ?? this.model;
    this.#usage = { ...this.#usage, ...news.usage };
    this.outputLength += news.outputLength ?? 0;
    this.isComplete ||= news.isLast === true;
    this.hasFailed ||= news.isFailure === true;
    this.isChargedBeside ||= news.isChargedBeside === true;
  }

  /** The API's own count of the whole answer; undefined until it has given one. */
  get counted(): TokenUsage | undefined {
    const { input, output } = this.#usage;
    return this.isComplete && input !== undefined && output !== undefined ? this.soFar : undefined;
  }

  get knowsInput(): boolean {
    return this.#usage.input !== undefined;
  }

  get soFar(): TokenUsage {
    return { ...noUsage, ...this.#usage };
  }
}
