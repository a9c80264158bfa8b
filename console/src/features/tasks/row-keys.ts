// J and K walk through the rows of a list, Enter (the browser's own) opens the one in focus.
import { useShortcuts } from "@/keyboard/shortcuts";

export function useRowKeys(): void {
  useShortcuts([
    { keys: ["j"], label: "Next row", group: "Lists", run: () => step(1) },
    { keys: ["k"], label: "Previous row", group: "Lists", run: () => step(-1) },
  ]);
}

function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by;
  rows[next]?.focus();
}
