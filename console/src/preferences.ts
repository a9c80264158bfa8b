// What this browser remembers of how a person likes to work. Kept on the device: it is no state of the organization.
import { useCallback, useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

interface Preferences {
  theme: Theme;
  /** Whether the list of tasks stands beside the content. */
  rail: "open" | "closed";
  /** Whether the next task opens after a decision. */
  advance: "on" | "off";
  /** Whether single letters act. WCAG 2.1.4 asks that they can be turned off. */
  letters: "on" | "off";
}

const DEFAULTS: Preferences = { theme: "system", rail: "open", advance: "on", letters: "on" };
const listeners = new Set<() => void>();

function read<Name extends keyof Preferences>(name: Name): Preferences[Name] {
  try {
    return (localStorage.getItem(`signoff.${name}`) as Preferences[Name] | null) ?? DEFAULTS[name];
  } catch {
    return DEFAULTS[name];
  }
}

function write<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  try {
    localStorage.setItem(`signoff.${name}`, value);
  } catch {
    // Storage is forbidden in this browser: the default holds.
  }
  if (name === "theme") {
    if (value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** A preference and the function that changes it. */
export function usePreference<Name extends keyof Preferences>(
  name: Name,
): [Preferences[Name], (value: Preferences[Name]) => void] {
  const value = useSyncExternalStore(subscribe, () => read(name));
  return [value, useCallback((next) => write(name, next), [name])];
}
