import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { AskingInstance, GatewayPass, ModelVendor, RequestDesk } from "@claude-orchestrator/engine/ports";

/** One attempt's right to ask: it dies with the attempt. */
export interface OpenPass {
  readonly vendor: ModelVendor;
  /** SHA-256 of its token. */
  readonly hash: Buffer;
  readonly asking: AskingInstance;
  desk: RequestDesk | undefined;
  /** What gives each of its requests under way up; it has settled when that returns. */
  readonly underWay: Set<() => void>;
}

/** Who may ask. Of a token only its hash is kept, and compared in a time that tells nothing of it. */
export class PassBook {
  readonly #open = new Set<OpenPass>();

  /** @param known the hash of a token handed out by an earlier supervisor */
  open(vendor: ModelVendor, url: string, known?: string, asking: AskingInstance = nobodyNamed): GatewayPass {
    const token = known === undefined ? `gw-${randomBytes(32).toString("base64url")}` : "";
    const hash = known === undefined ? digest(token) : Buffer.from(known, "hex");
    const pass: OpenPass = { vendor, hash, asking, desk: undefined, underWay: new Set() };
    this.#open.add(pass);
    return {
      url,
      token,
      tokenHash: hash.toString("hex"),
      answerTo: (desk) => (pass.desk = desk),
      close: () => this.#close(pass),
    };
  }

  /** The pass of a token, or undefined. Every open one is compared, whichever it is. */
  find(token: string): OpenPass | undefined {
    const shown = digest(token);
    let found: OpenPass | undefined;
    for (const pass of this.#open) {
      if (pass.hash.length === shown.length && timingSafeEqual(pass.hash, shown)) found = pass;
    }
    return found;
  }

  closeAll(): void {
    for (const pass of this.#open) this.#close(pass);
  }

  #close(pass: OpenPass): void {
    this.#open.delete(pass);
    for (const giveUp of pass.underWay) giveUp();
    pass.desk = undefined;
  }
}

const nobodyNamed: AskingInstance = { instance: "", cwd: "", priority: 0, account: "" };

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
