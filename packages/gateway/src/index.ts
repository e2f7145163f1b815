export type { CassetteOptions } from "./cassette/insertCassette.ts";
export { isRecorded, isSealed, readCassette } from "./cassette/cassetteFolder.ts";
export { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";
export { type KeyPlaces, readKey } from "./keys/readKey.ts";
export { parseUpstreamUrl, type UpstreamOptions } from "./proxy/upstream.ts";
