// One live region for what happened without the focus moving there: "approved, 12 left".
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

const Context = createContext<(text: string) => void>(() => undefined);

export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const [text, setText] = useState("");
  const announce = useCallback((next: string) => setText(next), []);
  return (
    <Context value={announce}>
      {children}
      <div className="visually-hidden" role="status" aria-live="polite">
        {text}
      </div>
    </Context>
  );
}

export function useAnnounce(): (text: string) => void {
  return useContext(Context);
}
