// What an edit changed, as rows a person can read: one per changed place of the content, words marked inside texts.
import { diffWordsWithSpace } from "diff";
import { isObject, same } from "./same";

export type Part = { kind: "same" | "added" | "removed"; text: string };

export interface Change {
  /** Where, as a JSON pointer. */
  path: string;
  kind: "added" | "removed" | "changed";
  before: unknown;
  after: unknown;
  /** Word by word, when both sides are texts. */
  parts: Part[] | null;
}

export function changes(before: unknown, after: unknown, path = ""): Change[] {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => {
      const place = `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (!(name in after)) return [change("removed", place, before[name], undefined)];
      if (!(name in before)) return [change("added", place, undefined, after[name])];
      return changes(before[name], after[name], place);
    });
  }
  return [change("changed", path, before, after)];
}

function change(kind: Change["kind"], path: string, before: unknown, after: unknown): Change {
  const texts = typeof before === "string" && typeof after === "string";
  return { kind, path, before, after, parts: texts ? words(before, after) : null };
}

/** Word by word; a pair so different that the search would take long is shown as one text for another. */
function words(before: string, after: string): Part[] {
  const found = diffWordsWithSpace(before, after, { timeout: 500 });
  if (!found)
    return [
      { kind: "removed", text: before },
      { kind: "added", text: after },
    ];
  return found.map((part) => ({ kind: part.added ? "added" : part.removed ? "removed" : "same", text: part.value }));
}
