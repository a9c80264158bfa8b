// Buttons. One that cannot be pressed stays in the tab order and says why, on hover, on focus and to a screen reader.
import { type ButtonHTMLAttributes, type ReactNode, useId } from "react";
import { ariaKeys, Keys } from "./keys";

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "disabled"> {
  kind?: "plain" | "primary" | "good" | "bad" | "quiet";
  size?: "small" | "normal" | "large";
  /** Why it cannot be pressed now; null or absent when it can. */
  bar?: string | null | undefined;
  /** The request it started is under way. */
  busy?: boolean;
  /** The key that does the same, shown on it. */
  keys?: string | undefined;
  pulsing?: boolean;
  children: ReactNode;
}

export function Button({
  kind = "plain",
  size = "normal",
  bar = null,
  busy = false,
  keys,
  pulsing = false,
  children,
  className = "",
  onClick,
  type = "button",
  ...rest
}: Props) {
  const reason = useId();
  const off = bar !== null || busy;
  return (
    <button
      {...rest}
      type={type}
      className={`button button--${kind} button--${size} ${pulsing ? "button--pulse" : ""} ${className}`}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-describedby={bar !== null ? reason : rest["aria-describedby"]}
      aria-keyshortcuts={keys === undefined ? undefined : ariaKeys(keys)}
      data-bar={bar ?? undefined}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : null}
      <span className="button__label">{children}</span>
      {keys === undefined ? null : <Keys name={keys} />}
      {bar === null ? null : (
        <span id={reason} hidden>
          {bar}
        </span>
      )}
    </button>
  );
}
