import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * Addresses are relative, so that the page works on whatever sub-path a reverse proxy gives it. Nothing is inlined: the
 * content security policy has no place for it.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
  logLevel: "warn",
});
