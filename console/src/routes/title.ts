// What the tab and the history of the browser call each screen: WCAG 2.4.2.
import type { AnyRouter } from "@tanstack/react-router";

const PRODUCT = "Signoff";

/** Of a screen, or made from what its address names. */
export type Title = string | ((params: Record<string, string>) => string);

interface Shown {
  staticData: { title?: Title };
  params: Record<string, string>;
}

/** The title of the innermost screen that has one; of an address without any, that nothing is there. */
export function titleOf(matches: readonly Shown[]): string {
  const shown = matches.findLast((match) => match.staticData.title !== undefined);
  const title = shown?.staticData.title ?? "Not found";
  return `${typeof title === "string" ? title : title(shown?.params ?? {})} · ${PRODUCT}`;
}

/** Keeps the document's title that of the screen. */
export function keepTitle(router: AnyRouter): void {
  router.subscribe("onResolved", () => {
    document.title = titleOf(router.state.matches as Shown[]);
  });
}

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    title?: Title;
  }
}
