import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, afterAll, describe, expect, test } from "vitest";
import { programAt, proxyHost, startNginx } from "../testing/nginxProxy.ts";
import type { NginxProxy } from "../testing/nginxProxy.ts";
import { startServerRig } from "../testing/serverRig.ts";
import type { ServerRig } from "../testing/serverRig.ts";

const origin = `https://${proxyHost}`;

/** The block of the guide, for the server at this port. */
function guideLocation(port: number): string {
  const guide = readFileSync(join(import.meta.dirname, "../../../../docs/guide/server.md"), "utf8");
  const [location = ""] = /^location \/fleet\/ \{[^}]*\}/m.exec(guide) ?? [];
  return location.replace(":4141", `:${port}`);
}

describe.skipIf(programAt("nginx") === undefined || programAt("openssl") === undefined)(
  "behind nginx as the guide sets it up, with TLS, on a path of its own,",
  () => {
    let rig: ServerRig;
    let proxy: NginxProxy;
    let headers: Readonly<Record<string, string>>;

    beforeAll(async () => {
      rig = await startServerRig({
        basePath: "/fleet",
        publicUrl: new URL(`${origin}/fleet`),
        trustedProxies: ["127.0.0.1"],
        page: { "index.html": '<base href="/">' },
      });
      proxy = await startNginx(guideLocation(rig.server.port));
      headers = { ...rig.browser(), origin };
    });

    afterAll(async () => {
      await proxy[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    });

    test("the page knows its path, and a sign-in gives a cookie that stays with it", async () => {
      expect((await proxy.ask("/fleet/runs/latest")).text).toBe('<base href="/fleet/">');
      const body = { code: rig.book.createCode() };
      const forged = { origin, "x-forwarded-for": "6.6.6.6" };
      const signedIn = await proxy.ask("/fleet/api/sign-in", { method: "POST", body, headers: forged });
      const [set = ""] = signedIn.headers["set-cookie"] ?? [];
      expect([signedIn.status, set.replace(/^.*?;/, "")]).toEqual([
        200,
        " Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Strict",
      ]);
      const session = await proxy.ask("/fleet/api/session", { headers: { cookie: set.split(";", 1)[0] ?? "" } });
      expect(session.json()["actor"]).toEqual({ kind: "session", name: "sign-in link" });
      // An address that a client invents is not the one that is written down.
      expect(readFileSync(join(rig.folder, "state/server/audit.jsonl"), "utf8")).not.toContain('"6.6.6.6"');
    });

    test("another origin and another name are refused", async () => {
      const pause = async (changed: Readonly<Record<string, string>>): Promise<number> => {
        const question = { method: "POST", body: {}, headers: { ...headers, ...changed } };
        return (await proxy.ask("/fleet/api/runs/run_aaaaaaaaaa/pause", question)).status;
      };
      const statuses = [
        await pause({}),
        await pause({ origin: "https://evil.test" }),
        await pause({ host: "evil.test" }),
      ];
      expect(statuses).toEqual([404, 403, 421]);
    });

    test("a WebSocket is let through, and refused to another site", async () => {
      const evil = { ...headers, origin: "https://evil.test" };
      expect(await proxy.upgrade("/fleet/api/live", headers)).toMatch(/^HTTP\/1\.1 101 /);
      expect(await proxy.upgrade("/fleet/api/live", evil)).toMatch(/^HTTP\/1\.1 403 /);
    });

    test("events come as they happen, and none is lost or told twice while the server is started anew under load", async () => {
      const { id, log } = rig.addRun([{ type: "run-started" }]);
      await log.flush();
      const listener = listening(proxy, `/fleet/api/live?list=false&runs=${id}`, headers);
      listener.again();
      await listener.until(2);
      let last = 0;
      for (let round = 0; round < 2; round += 1) {
        const append = (): void => {
          for (let count = 0; count < 500; count += 1) last = log.append({ type: "run-unpaused" }).seq;
        };
        append();
        const restarted = rig.restart();
        append();
        await Promise.all([restarted, log.flush()]);
        listener.again();
        await listener.until(last);
      }
      listener.close();
      expect(listener.seqs).toEqual(Array.from({ length: last }, (_each, at) => at + 1));
    }, 60_000);
  },
);

interface Listener {
  /** Of the events that came. */
  readonly seqs: readonly number[];
  /** Comes (again) with the last cursor. */
  again(): void;
  until(seq: number): Promise<void>;
  close(): void;
}

function listening(proxy: NginxProxy, path: string, headers: Readonly<Record<string, string>>): Listener {
  const seqs: number[] = [];
  const state = { cursor: "", close: (): void => undefined };
  return {
    seqs,
    again: () => {
      state.close();
      const last = state.cursor === "" ? {} : { "last-event-id": state.cursor };
      state.close = proxy.listen(path, { ...headers, ...last }, ({ cursor, envelopes }) => {
        state.cursor = cursor;
        for (const each of envelopes) if (each.kind === "events") seqs.push(...each.events.map(({ seq }) => seq));
      });
    },
    until: async (seq) => {
      while (!seqs.includes(seq)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    close: () => state.close(),
  };
}
