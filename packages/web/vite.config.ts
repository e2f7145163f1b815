import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { recordModules } from "./recordModules.ts";

const modules = recordModules(`${import.meta.dirname}/../../dist/meta.web.json`);

/**
 * Addresses are relative, so that the page works on whatever sub-path a reverse proxy gives it. Nothing is inlined: the
 * content security policy has no place for it.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [react(), modules],
  worker: { plugins: () => [modules] },
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    rollupOptions: {
      input: { index: `${import.meta.dirname}/index.html`, sw: `${import.meta.dirname}/src/worker/sw.ts` },
      // The worker's address must stay what it is: it is where a browser looks for its next version.
      output: { entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  logLevel: "warn",
});
