import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What `RELEASE_MATRIX=full npm run test:release` has installed. */
export const toolsFolder = fileURLToPath(new URL("../../../.release-tools/node_modules", import.meta.url));

export const isWholeMatrix = process.env["RELEASE_MATRIX"] === "full";
