import { useState } from "react";
import type { KeyboardEvent } from "react";
import { Button } from "../kit/Button.tsx";
import { Dialog } from "../kit/Dialog.tsx";
import { useSettings } from "../settings/SettingsProvider.tsx";
import { keyGroups } from "./bindings.ts";
import type { KeyBinding } from "./bindings.ts";
import { shownKeys, whyNot, withKeys } from "./changeKeys.ts";
import styles from "./KeySheet.module.css";
import { keyOf } from "./typedKeys.ts";

/** Every key there is; each but the fixed ones can be given another one (WCAG 2.1.4), or all without Ctrl be turned off. */
export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const [{ singleKeys, keys }, change] = useSettings();
  const [isChanging, setChanging] = useState(false);
  const actions = (
    <>
      <Button disabled={Object.keys(keys).length === 0} onClick={() => change({ keys: {} })}>
        All as they were
      </Button>
      <Button aria-pressed={isChanging} onClick={() => setChanging(!isChanging)}>
        Change keys
      </Button>
    </>
  );
  return (
    <Dialog title="Keys" onClose={onClose} wide actions={actions}>
      <div className={styles.groups}>
        {keyGroups.map(([title, bindings]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className={styles.keys}>
              {bindings.map((binding) => (
                <div key={binding.keys}>
                  <dt>
                    {isChanging && binding.isFixed !== true ? <KeyField binding={binding} /> : <Key of={binding} />}
                  </dt>
                  <dd>{binding.what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className={styles.switch}>
        <input type="checkbox" checked={singleKeys} onChange={({ target }) => change({ singleKeys: target.checked })} />
        Keys without Ctrl, Command or Alt
      </label>
    </Dialog>
  );
}

function Key({ of: { keys: name } }: { readonly of: KeyBinding }) {
  const [{ keys }] = useSettings();
  return <kbd>{shownKeys(keys[name] ?? name, isMac())}</kbd>;
}

/** Takes the key that is pressed in it; Backspace gives back what the table has, Tab and Escape do what they do everywhere. */
function KeyField({ binding: { keys: name, what } }: { readonly binding: KeyBinding }) {
  const [{ keys }, change] = useSettings();
  const [problem, setProblem] = useState<string>();
  const onKeyDown = (event: KeyboardEvent): void => {
    const typed = keyOf(event);
    if (/^(Tab|Escape|Shift|Control|Alt|Meta)$/.test(event.key)) return;
    event.preventDefault();
    const isBack = typed === "Backspace" || typed === "Delete";
    const why = isBack ? undefined : whyNot(name, typed, keys);
    setProblem(why);
    if (why === undefined) change({ keys: withKeys(keys, name, isBack ? undefined : typed) });
  };
  return (
    <>
      <input
        className={styles.field}
        aria-label={`Key to ${what.charAt(0).toLowerCase()}${what.slice(1)}`}
        aria-invalid={problem === undefined ? undefined : true}
        title="Press the key it shall have; Backspace for its own"
        readOnly
        value={shownKeys(keys[name] ?? name, isMac())}
        onKeyDown={onKeyDown}
        onBlur={() => setProblem(undefined)}
      />
      {problem === undefined ? null : (
        <span role="alert" className={styles.problem}>
          {problem}
        </span>
      )}
    </>
  );
}

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}
