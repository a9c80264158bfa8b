// The secret that a link carries after its "#", where no server log and no scanner's GET sees it. Taken once and removed
// from the address, so that it stays in no history entry and no screenshot.
import { useState } from "react";

export function useSecret(): string {
  const [secret] = useState(() => {
    const text = decodeURIComponent(window.location.hash.slice(1)).replace(/^token=/, "");
    if (text !== "") window.history.replaceState(window.history.state, "", window.location.pathname);
    return text;
  });
  return secret;
}
