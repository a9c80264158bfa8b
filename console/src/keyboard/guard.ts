// Which key presses act. A verdict cannot be taken back, so whatever could be an accident is ignored: a held key, a key meant
// for a text field or a menu, a key while a dialog is open or a request under way, a key before the eye could have read.

/** What a shortcut needs to act. */
export interface Shortcut {
  /** One key as `KeyboardEvent.key` gives it, in lower case, or "mod+enter". */
  keys: string[];
  label: string;
  group: string;
  /** Decides something about the task: the strictest guards hold. */
  verdict?: boolean;
  /** Listed in the sheet under this key instead of the real ones. */
  shown?: string;
  run(): void;
}

/** What the page is doing at the moment of the press. */
export interface Moment {
  /** Milliseconds on the clock of `performance.now()`. */
  now: number;
  /** When the content that a verdict is about was painted; null while it is not. */
  paintedAt: number | null;
  /** A request that decides is under way. */
  busy: boolean;
  /** A dialog is open. */
  dialog: boolean;
  /** Single letters act at all (a preference). */
  letters: boolean;
}

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
  isComposing: boolean;
  target: EventTarget | null;
  getModifierState(name: string): boolean;
}

/** From the paint of a task to the first verdict key that counts. */
export const SETTLE_MS = 300;

/** The shortcut that this press means and that may act now; null when it is to be left alone. */
export function choose(press: Press, moment: Moment, shortcuts: readonly Shortcut[]): Shortcut | null {
  if (press.isComposing || moment.dialog) return null;
  // AltGr is reported as Ctrl+Alt on some systems and types ordinary characters there.
  const altGr = press.getModifierState("AltGraph");
  const mod = (press.ctrlKey || press.metaKey) && !altGr;
  if (press.altKey && !altGr) return null;
  const name = mod ? `mod+${press.key.toLowerCase()}` : press.key.toLowerCase();
  const shortcut = shortcuts.find((candidate) => candidate.keys.includes(name));
  if (shortcut === undefined) return null;
  if (!mod) {
    if (isTyping(press.target) || ownsKeys(press.target)) return null;
    if (press.key.startsWith("Arrow") && ownsArrows(press.target)) return null;
    if (!moment.letters && press.key.length === 1 && press.key !== "?") return null;
  }
  if (press.repeat && (shortcut.verdict === true || mod)) return null;
  if (shortcut.verdict === true) {
    if (moment.busy || moment.paintedAt === null) return null;
    if (moment.now - moment.paintedAt < SETTLE_MS) return null;
  }
  return shortcut;
}

/** Whether the press goes into a text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "color"].includes(target.type)
  );
}

/** Whether the focused widget has its own use for letters: menus and lists jump to what begins with them. */
function ownsKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=menu],[role=listbox],[role=tree],[role=grid]") !== null;
}

/** Whether the focused widget walks through its parts with the arrow keys. */
function ownsArrows(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=tablist],[role=radiogroup],input[type=radio]") !== null;
}
