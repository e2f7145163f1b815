import type { Socket } from "node:net";
import { largestMessageBytes } from "./controlMessages.ts";

/**
 * The first line that comes, without its end; undefined where it is too long, not whole within `timeoutMs`, or the other side
 * went away before its end. Never rejects, keeps no more than one message.
 */
export function readLine(socket: Socket, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (line: string | undefined): void => {
      clearTimeout(late);
      socket.off("data", take);
      socket.pause();
      resolve(line);
    };
    const late = setTimeout(() => finish(undefined), timeoutMs);
    late.unref();
    const take = (chunk: Buffer): void => {
      const end = chunk.indexOf(0x0a);
      chunks.push(end === -1 ? chunk : chunk.subarray(0, end));
      length += chunk.length;
      if (length > largestMessageBytes) finish(undefined);
      else if (end !== -1) finish(Buffer.concat(chunks).toString("utf8"));
    };
    socket.on("data", take);
    socket.once("error", () => finish(undefined));
    socket.once("close", () => finish(undefined));
  });
}
