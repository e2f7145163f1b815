import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { proveSignIn } from "./proveSignIn.ts";

test.each([
  [401, undefined],
  [200, "The server answered 200 to somebody who is not signed in, where it must answer 401: it does not start"],
  [404, "The server answered 404 to somebody who is not signed in, where it must answer 401: it does not start"],
])("S7 a server that answers %i to nobody in particular is found out", async (status, sentence) => {
  const server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await proveSignIn({ origin: `http://127.0.0.1:${port}`, host: "127.0.0.1" })).toBe(sentence);
  server.close();
});
