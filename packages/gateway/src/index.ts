export { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";
export { type KeyPlaces, readKey } from "./keys/readKey.ts";
export { parseUpstreamUrl, type UpstreamOptions } from "./proxy/upstream.ts";
