// The draft of one revision of a task. It outlives a reload and an ended session, and goes when it is submitted.
import { useCallback, useState } from "react";
import { type Draft, EMPTY } from "./verdict";

export interface DraftStore {
  draft: Draft;
  change(change: (before: Draft) => Draft): void;
  /** Forgets it: it was submitted, or the reviewer starts anew. */
  discard(): void;
}

export function useDraft(taskId: string, revision: number): DraftStore {
  const name = `signoff.draft.${taskId}.${revision}`;
  const [held, setHeld] = useState<{ name: string; draft: Draft }>(() => ({ name, draft: load(name) }));
  const draft = held.name === name ? held.draft : load(name);
  if (held.name !== name) setHeld({ name, draft });
  const change = useCallback(
    (apply: (before: Draft) => Draft) =>
      setHeld((before) => {
        const next = apply(before.name === name ? before.draft : load(name));
        store(name, next);
        return { name, draft: next };
      }),
    [name],
  );
  const discard = useCallback(() => {
    store(name, EMPTY);
    setHeld({ name, draft: EMPTY });
  }, [name]);
  return { draft, change, discard };
}

function load(name: string): Draft {
  try {
    const text = sessionStorage.getItem(name);
    return text === null ? EMPTY : { ...EMPTY, ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

function store(name: string, draft: Draft): void {
  try {
    if (draft === EMPTY) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: the draft lives as long as the page.
  }
}
