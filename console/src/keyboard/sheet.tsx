// The sheet of the shortcuts in force, opened by "?".
import { useState } from "react";
import { usePreference } from "@/preferences";
import { Keys } from "@/ui/keys";
import { Modal } from "@/ui/modal";
import type { Shortcut } from "./guard";
import { useShortcutList, useShortcuts } from "./shortcuts";

export function ShortcutSheet() {
  const [open, setOpen] = useState<readonly Shortcut[] | null>(null);
  const [letters, setLetters] = usePreference("letters");
  const list = useShortcutList();
  useShortcuts([{ keys: ["?"], label: "Show the keys", group: "Everywhere", run: () => setOpen(list()) }]);
  const groups = groupBy(open ?? []);
  return (
    <Modal open={open !== null} onClose={() => setOpen(null)} title="Keys">
      <div className="sheet">
        {[...groups].map(([group, shortcuts]) => (
          <section key={group}>
            <h3>{group}</h3>
            <ul>
              {shortcuts.map((shortcut) => (
                <li key={shortcut.label}>
                  <span>{shortcut.label}</span>
                  <Keys name={shortcut.shown ?? shortcut.keys[0] ?? ""} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={letters === "on"}
          onChange={(event) => setLetters(event.target.checked ? "on" : "off")}
        />
        Single letters act (turn this off when a voice control or a switch device types them by accident)
      </label>
    </Modal>
  );
}

function groupBy(shortcuts: readonly Shortcut[]): Map<string, Shortcut[]> {
  const groups = new Map<string, Shortcut[]>();
  for (const shortcut of shortcuts) groups.set(shortcut.group, [...(groups.get(shortcut.group) ?? []), shortcut]);
  return groups;
}
