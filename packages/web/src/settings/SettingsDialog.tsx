import { useState } from "react";
import { Button } from "../kit/Button.tsx";
import { Dialog } from "../kit/Dialog.tsx";
import { Choice, Field } from "../kit/Field.tsx";
import { chooseTheme, storedTheme, themes, themeWords } from "../theme/theme.ts";
import { isZone } from "./settings.ts";
import styles from "./SettingsDialog.module.css";
import { useClock, useSettings } from "./SettingsProvider.tsx";

export interface SettingsDialogProps {
  readonly onClose: () => void;
  readonly onKeys: () => void;
}

/** How somebody wants the page, in this browser; each change is there at once. */
export function SettingsDialog({ onClose, onKeys }: SettingsDialogProps) {
  const [settings, change] = useSettings();
  return (
    <Dialog title="Settings" onClose={onClose} actions={<Button onClick={onKeys}>Keys</Button>}>
      <ThemeChoice />
      <Choice
        label="Times"
        value={settings.times}
        onValue={(times) => change({ times: times === "absolute" ? "absolute" : "relative" })}
        choices={[
          ["relative", "how long ago"],
          ["absolute", "when"],
        ]}
      />
      <ZoneField />
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={settings.announces}
          onChange={({ target }) => change({ announces: target.checked })}
        />
        Read out once that a run has ended or needs somebody
      </label>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={settings.singleKeys}
          onChange={({ target }) => change({ singleKeys: target.checked })}
        />
        Keys without Ctrl, Command or Alt
      </label>
      <p className={styles.note}>They are kept in this browser.</p>
    </Dialog>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <Choice
      label="Theme"
      value={theme}
      onValue={(value) => {
        const chosen = themes.find((each) => each === value) ?? "system";
        chooseTheme(chosen);
        setTheme(chosen);
      }}
      choices={themes.map((each) => [each, themeWords[each]])}
    />
  );
}

function ZoneField() {
  const [{ zone }, change] = useSettings();
  const [text, setText] = useState(zone);
  const { exactly } = useClock();
  const problem = isZone(text.trim()) ? undefined : "No such zone: write one as Europe/Berlin, or UTC";
  return (
    <>
      <Field
        label="Time zone"
        value={text}
        onValue={(value) => {
          setText(value);
          if (isZone(value.trim())) change({ zone: value.trim() });
        }}
        placeholder="of this browser"
        list="time-zones"
        autoComplete="off"
        spellCheck={false}
        problem={problem}
        hint={`Now it is ${exactly(Date.now())}. A schedule’s times stay in its own zone.`}
      />
      <datalist id="time-zones">
        {["UTC", ...Intl.supportedValuesOf("timeZone")].map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </>
  );
}
