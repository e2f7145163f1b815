/**
 * `npm test`: builds the program, then runs every unit and end-to-end test, those of the page in a browser. Arguments go to vitest (a part of a file
 * name, `-t title`). The last line counts the tests; exit code 1 when anything failed.
 */
import { testBuilt } from "./lib/testBuilt.ts";

await testBuilt(["unit", "e2e", "web"]);
