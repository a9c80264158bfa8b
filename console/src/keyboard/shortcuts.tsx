// The shortcuts that are in force now: components add theirs while they are mounted, one listener chooses, a sheet lists them.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { usePreference } from "@/preferences";
import { choose, type Shortcut } from "./guard";

interface Keyboard {
  /** Adds shortcuts; what was added last is asked first. Answers the function that takes them away. */
  add(source: () => readonly Shortcut[]): () => void;
  list(): readonly Shortcut[];
  /** Says when the content under decision was painted (null: it is not), and whether a decision is under way. */
  settle(paintedAt: number | null): void;
  occupy(busy: boolean): void;
}

const Context = createContext<Keyboard | null>(null);

export function KeyboardProvider({ children }: { children: ReactNode }) {
  const sources = useRef<(() => readonly Shortcut[])[]>([]);
  const moment = useRef({ paintedAt: null as number | null, busy: false });
  const [letters] = usePreference("letters");

  const keyboard = useMemo<Keyboard>(
    () => ({
      add(source) {
        sources.current = [source, ...sources.current];
        return () => {
          sources.current = sources.current.filter((other) => other !== source);
        };
      },
      list: () => sources.current.flatMap((source) => source()),
      settle(paintedAt) {
        moment.current.paintedAt = paintedAt;
      },
      occupy(busy) {
        moment.current.busy = busy;
      },
    }),
    [],
  );

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented) return;
      const shortcut = choose(
        event,
        { now: performance.now(), ...moment.current, dialog: isDialogOpen(), letters: letters === "on" },
        keyboard.list(),
      );
      if (shortcut === null) return;
      event.preventDefault();
      shortcut.run();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [keyboard, letters]);

  return <Context value={keyboard}>{children}</Context>;
}

function isDialogOpen(): boolean {
  return document.querySelector("[role=dialog]:not([hidden]),[role=alertdialog]:not([hidden])") !== null;
}

function useKeyboard(): Keyboard {
  const keyboard = useContext(Context);
  if (keyboard === null) throw new Error("useShortcuts needs a KeyboardProvider");
  return keyboard;
}

/** Puts shortcuts in force while the component is mounted. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const keyboard = useKeyboard();
  const latest = useRef(shortcuts);
  useLayoutEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => keyboard.add(() => latest.current), [keyboard]);
}

/** The shortcuts in force at the moment of the call. */
export function useShortcutList(): () => readonly Shortcut[] {
  return useKeyboard().list;
}

/**
 * Guards the verdict keys by what is on the screen. `shown` names the content that is painted (null: none is); a new name
 * starts the time again in which no verdict counts. Answers whether that time is over, for the buttons.
 */
export function useSettled(shown: string | null, busy: boolean): boolean {
  const keyboard = useKeyboard();
  const [settled, setSettled] = useState<string | null>(null);
  useEffect(() => {
    keyboard.settle(null);
    if (shown === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Two frames: the first runs before the paint that shows the content, the second after it.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame((now) => {
        keyboard.settle(now);
        timer = setTimeout(() => setSettled(shown), 300);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      keyboard.settle(null);
    };
  }, [keyboard, shown]);
  useEffect(() => keyboard.occupy(busy), [keyboard, busy]);
  useEffect(() => () => keyboard.occupy(false), [keyboard]);
  return shown !== null && settled === shown;
}

/** Marks a control for a blink, so that a key press is seen to have done something. Answers its name while it is marked. */
export function usePulse(): [string | null, (name: string) => void] {
  const [pulsing, setPulsing] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const pulse = useCallback((name: string) => {
    clearTimeout(timer.current);
    setPulsing(name);
    timer.current = setTimeout(() => setPulsing(null), 250);
  }, []);
  return [pulsing, pulse];
}
