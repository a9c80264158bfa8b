// Whether the page is as narrow as a phone, for the few things that stand elsewhere there and not only look different.
import { useSyncExternalStore } from "react";

/** The width below which the style sheets lay the page out in one column. */
const PHONE = "(max-width: 760px)";

export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(PHONE).matches);
}

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(PHONE);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}
