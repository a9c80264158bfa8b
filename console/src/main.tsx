// Starts the console: the cache, the router, and what stands around every screen.
import "./styles/tokens.css";
import "./styles/base.css";
import "./ui/buttons.css";
import "./ui/fields.css";
import "./ui/badges.css";
import "./ui/states.css";
import "./ui/overlays.css";
import "./ui/lists.css";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeCache } from "./api/cache";
import { KeyboardProvider } from "./keyboard/shortcuts";
import { makeRouter } from "./routes/tree";
import { AnnouncerProvider } from "./ui/announcer";

const cache = makeCache();
const router = makeRouter(cache);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={cache}>
        <AnnouncerProvider>
          <KeyboardProvider>
            <RouterProvider router={router} />
          </KeyboardProvider>
        </AnnouncerProvider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
