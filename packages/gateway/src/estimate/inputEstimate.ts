/** Observations remembered for each model, and how many there must be before they are believed. */
const remembered = 64;
const believedFrom = 8;

/** Bodies shorter than this say more of what an API adds by itself than of how its model counts. */
const smallestSample = 2000;

/** What an API adds to a prompt by itself: the words around tools and messages. */
const addedByApi = 1024;

/** How far over the densest body seen the next one is taken to be. */
const margin = 1.25;

/** No text is rarer than this, in tokens for each byte. */
const sparsest = 0.25;

/** Models whose observations are kept at most: names come from agents. */
const keptModels = 200;

/**
 * How many tokens a request's body is, of which only the length in bytes is looked at. A token is never less than a byte, so
 * until the API has counted some bodies of a model they are taken as one token a byte; from then on by the densest of them,
 * and a margin.
 */
export class InputEstimate {
  readonly #densities = new Map<string, number[]>();

  /** The most tokens the body can be. */
  atMost(model: string | undefined, bytes: number): number {
    const seen = this.#believed(model);
    const density = seen === undefined ? 1 : Math.min(1, Math.max(sparsest, Math.max(...seen) * margin));
    return Math.ceil(bytes * density) + addedByApi;
  }

  /** About how many it is: for a request that nobody counted. */
  likely(model: string | undefined, bytes: number): number {
    const seen = this.#believed(model);
    const density = seen === undefined ? sparsest : seen.reduce((sum, each) => sum + each, 0) / seen.length;
    return Math.ceil(bytes * density);
  }

  /** The API counted a body of this length as so many tokens. */
  learn(model: string, bytes: number, tokens: number): void {
    if (bytes < smallestSample || tokens === 0) return;
    const seen = this.#densities.get(model) ?? [];
    if (seen.length === 0 && this.#densities.size >= keptModels) return;
    seen.push(tokens / bytes);
    if (seen.length > remembered) seen.shift();
    this.#densities.set(model, seen);
  }

  #believed(model: string | undefined): readonly number[] | undefined {
    const seen = model === undefined ? undefined : this.#densities.get(model);
    return seen !== undefined && seen.length >= believedFrom ? seen : undefined;
  }
}
