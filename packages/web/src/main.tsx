import "./theme/tokens.css";
import "./theme/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Router } from "wouter";
import { App } from "./app/App.tsx";
import { readAddressed } from "./app/readAddressed.ts";
import { basePath } from "./data/basePath.ts";
import { createQueries } from "./data/queries.ts";
import { LiveProvider } from "./data/LiveProvider.tsx";
import { SettingsProvider } from "./settings/SettingsProvider.tsx";
import { applyTheme, storedTheme } from "./theme/theme.ts";
import { registerWorker } from "./worker/registerWorker.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
applyTheme(storedTheme());
readAddressed(location);
const queries = createQueries();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Router base={basePath()}>
        <SettingsProvider>
          <LiveProvider queries={queries}>
            <App />
          </LiveProvider>
        </SettingsProvider>
      </Router>
    </QueryClientProvider>
  </StrictMode>,
);
registerWorker();
