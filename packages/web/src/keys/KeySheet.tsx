import { useState } from "react";
import { Dialog } from "../kit/Dialog.tsx";
import { globalKeys, inboxKeys, listKeys, newRunKeys, runKeys } from "./bindings.ts";
import type { KeyBinding } from "./bindings.ts";
import styles from "./KeySheet.module.css";
import { singleKeysOn, turnSingleKeys } from "./useKeys.ts";

const groups: readonly (readonly [string, Readonly<Record<string, KeyBinding>>])[] = [
  ["Everywhere", globalKeys],
  ["In lists", listKeys],
  ["In a run", runKeys],
  ["In the inbox", inboxKeys],
  ["In a new run", newRunKeys],
];

export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const [isOn, setOn] = useState(singleKeysOn);
  return (
    <Dialog title="Keys" onClose={onClose} wide>
      <div className={styles.groups}>
        {groups.map(([title, bindings]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className={styles.keys}>
              {Object.values(bindings).map(({ keys, what }) => (
                <div key={keys}>
                  <dt>
                    <kbd>{shown(keys)}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className={styles.switch}>
        <input
          type="checkbox"
          checked={isOn}
          onChange={({ target }) => {
            turnSingleKeys(target.checked);
            setOn(target.checked);
          }}
        />
        Keys without Ctrl or Command
      </label>
    </Dialog>
  );
}

function shown(keys: string): string {
  const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
  return keys.replace("mod+", isMac ? "⌘" : "Ctrl ").replace("shift+", "Shift ");
}
