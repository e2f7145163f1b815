#!/usr/bin/env node
// Inside a clone, `npx claude-orchestrator` runs the program that `npm run build` made.
import "../../../dist/cli.mjs";
