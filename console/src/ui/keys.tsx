// A key or a chord as it stands on the keyboard.
const IS_MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? "");

const WORDS: Record<string, string> = {
  mod: IS_MAC ? "⌘" : "Ctrl",
  enter: "↵",
  escape: "Esc",
  arrowright: "→",
  arrowleft: "←",
};

export function Keys({ name }: { name: string }) {
  return (
    <span className="keys" aria-hidden="true">
      {name.split("+").map((key) => (
        <kbd key={key}>{WORDS[key] ?? key.toUpperCase()}</kbd>
      ))}
    </span>
  );
}

/** The same for `aria-keyshortcuts`. */
export function ariaKeys(name: string): string {
  return name
    .split("+")
    .map((key) => (key === "mod" ? (IS_MAC ? "Meta" : "Control") : key.length === 1 ? key.toUpperCase() : key))
    .map((key) => key.charAt(0).toUpperCase() + key.slice(1))
    .join("+");
}
