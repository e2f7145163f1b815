import { CircleHelp, Search, Settings } from "lucide-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { globalKeys } from "../keys/bindings.ts";
import { KeySheet } from "../keys/KeySheet.tsx";
import { useKeys } from "../keys/useKeys.ts";
import { Button } from "../kit/Button.tsx";
import { Palette } from "../palette/Palette.tsx";
import { useRememberedRun } from "../palette/recentRuns.ts";
import { SettingsDialog } from "../settings/SettingsDialog.tsx";
import { announce, announcerProps } from "./announcer.ts";
import { commandOf } from "./commandOf.ts";
import { ConnectionChip } from "./ConnectionChip.tsx";
import { places } from "./places.ts";
import styles from "./Shell.module.css";
import { iconState, useStatusIcon } from "./statusIcon.ts";
import { useNews } from "./useNews.ts";
import { useStandings } from "./useStandings.ts";

type Layer = "palette" | "keys" | "settings";

/** What stands around every screen: where one can go, whether what is shown is live, and the keys. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [layer, setLayer] = useState<Layer>();
  const close = (): void => setLayer(undefined);
  const { running, needing } = useStandings();
  const attention = needing.length;
  useStatusIcon(iconState(needing, running));
  useRememberedRun();
  useNews();
  useGlobalKeys(setLayer);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <Rail attention={attention} />
      <header className={styles.bar}>
        <Button tone="plain" icon={<Search />} className={styles.find} onClick={() => setLayer("palette")}>
          Find or do <kbd>{/mac/i.test(navigator.userAgent) ? "⌘K" : "Ctrl K"}</kbd>
        </Button>
        <ConnectionChip />
        <Button tone="quiet" iconOnly icon={<Settings />} onClick={() => setLayer("settings")}>
          Settings
        </Button>
        <Button tone="quiet" iconOnly icon={<CircleHelp />} onClick={() => setLayer("keys")}>
          Help and keys
        </Button>
      </header>
      <main id="content" tabIndex={-1} className={styles.main}>
        {children}
      </main>
      {layer === "palette" ? <Palette onClose={close} onOpen={setLayer} /> : null}
      {layer === "keys" ? <KeySheet onClose={close} /> : null}
      {layer === "settings" ? <SettingsDialog onClose={close} onKeys={() => setLayer("keys")} /> : null}
      <div {...announcerProps} />
    </div>
  );
}

/** The keys of every screen; what a screen has under the same key comes before. */
function useGlobalKeys(show: (layer: Layer) => void): void {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const copy = async (text: string, said: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    announce(said);
  };
  useKeys(
    {
      [globalKeys.palette.keys]: () => show("palette"),
      [globalKeys.help.keys]: () => show("keys"),
      [globalKeys.settings.keys]: () => show("settings"),
      [globalKeys.copyLink.keys]: () => void copy(location.href, "The link is copied"),
      [globalKeys.copyCommand.keys]: () => void copy(commandOf(path, search), "The command is copied"),
      ...Object.fromEntries(places.map(({ path: to, keys }) => [keys, () => navigate(to)])),
    },
    { isLast: true },
  );
}

/** By hand: with a `<base>`, an address of only a fragment leads to another page. */
function skipToContent(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function Rail({ attention }: { readonly attention: number }) {
  const [path] = useLocation();
  return (
    <nav className={styles.rail} aria-label="Places">
      <ul>
        {places.map(({ path: to, title, icon: Icon }) => {
          const isHere = to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`);
          return (
            <li key={to}>
              <Link href={to} className={styles.place} aria-current={isHere ? "page" : undefined}>
                <Icon aria-hidden="true" />
                <span className={styles.name}>{title}</span>
                {to === "/inbox" && attention > 0 ? (
                  <span className={styles.badge}>
                    {attention}
                    <span className="hidden"> {attention === 1 ? "needs you" : "need you"}</span>
                  </span>
                ) : null}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
