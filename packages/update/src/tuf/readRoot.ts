import { TrustedMetadataStore } from "tuf-js/dist/store.js";

/**
 * Reads root metadata as an update does that begins with it. A file of its own: what is loaded late has its names only where it is
 * imported by an ECMAScript module that is bundled with it.
 *
 * @throws Error as tuf-js does, where it is none or too few of its own keys have signed it
 */
export function readRoot(text: string): void {
  if ((new TrustedMetadataStore(Buffer.from(text)).root as unknown) === undefined) throw new Error("no root");
}
