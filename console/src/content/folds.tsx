// What of the content is folded. A decision is not taken while something is out of sight, so every fold reports here.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useMemo, useState } from "react";

interface Folds {
  folded: number;
  /** Counts up when everything is to open. */
  opening: number;
  report(id: string, folded: boolean): void;
  openAll(): void;
}

const Context = createContext<Folds>({ folded: 0, opening: 0, report: () => undefined, openAll: () => undefined });

export function FoldsProvider({ children }: { children: ReactNode }) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [opening, setOpening] = useState(0);
  const report = useCallback((id: string, folded: boolean) => {
    setIds((before) => {
      if (before.has(id) === folded) return before;
      const after = new Set(before);
      if (folded) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);
  const openAll = useCallback(() => setOpening((count) => count + 1), []);
  const value = useMemo(() => ({ folded: ids.size, opening, report, openAll }), [ids.size, opening, report, openAll]);
  return <Context value={value}>{children}</Context>;
}

export function useFolds(): Pick<Folds, "folded" | "openAll"> {
  return useContext(Context);
}

/** A fold's state. While it is folded it is counted, and it opens when everything is opened. */
export function useFold(initially: boolean): [boolean, (folded: boolean) => void] {
  const id = useId();
  const { report, opening } = useContext(Context);
  const [seen, setSeen] = useState(opening);
  const [folded, setFolded] = useState(initially && opening === 0);
  if (seen !== opening) {
    setSeen(opening);
    setFolded(false);
  }
  useEffect(() => {
    report(id, folded);
    return () => report(id, false);
  }, [report, id, folded]);
  return [folded, setFolded];
}
