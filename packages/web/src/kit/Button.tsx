import type { ButtonHTMLAttributes, ReactNode } from "react";
import styles from "./Button.module.css";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** primary: the one thing this place is for. danger: it ends or removes something. */
  readonly tone?: "primary" | "plain" | "quiet" | "danger";
  readonly icon?: ReactNode;
  /** Only the icon is seen: `children` is its name for those who do not see it, and its tip. */
  readonly iconOnly?: boolean;
}

export function Button({ tone = "plain", icon, iconOnly = false, children, className, ...rest }: ButtonProps) {
  const name = typeof children === "string" && iconOnly ? { "aria-label": children, title: children } : {};
  const classes = [styles.button, styles[tone], iconOnly ? styles.iconOnly : undefined, className];
  return (
    <button type="button" {...name} {...rest} className={classes.filter(Boolean).join(" ")}>
      {icon}
      {iconOnly ? null : children}
    </button>
  );
}
