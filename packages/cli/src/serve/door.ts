/** What `serve` and its neighbours need, by one import; nothing else loads the server. */
export { serve } from "./serve.ts";
export { printServerUnit } from "./serverUnit.ts";
export { createToken, listTokens, printSignIn, revokeToken } from "./tokens.ts";
