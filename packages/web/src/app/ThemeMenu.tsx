import { useState } from "react";
import { chooseTheme, storedTheme, themes } from "../theme/theme.ts";
import type { Theme } from "../theme/theme.ts";
import styles from "./ThemeMenu.module.css";

const words: Readonly<Record<Theme, string>> = {
  system: "System",
  light: "Light",
  dark: "Dark",
  contrast: "Contrast",
};

export function ThemeMenu() {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <label className={styles.menu}>
      <span className="hidden">Theme</span>
      <select
        value={theme}
        onChange={({ target }) => {
          const chosen = themes.find((each) => each === target.value) ?? "system";
          chooseTheme(chosen);
          setTheme(chosen);
        }}
      >
        {themes.map((each) => (
          <option key={each} value={each}>
            {words[each]}
          </option>
        ))}
      </select>
    </label>
  );
}
