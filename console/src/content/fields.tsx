// An object from an agent, member by member: short values on a line, texts as running text or Markdown, the rest as a tree.
import { lazy, Suspense } from "react";
import { useFold } from "./folds";
import { JsonTree } from "./json-tree";
import { SafeText } from "./safe-text";

const Markdown = lazy(() => import("./markdown"));

export type View = "text" | "markdown" | "json";

/** Texts longer than this start folded; unfolding is one press, and a decision waits for it. */
const LONG_TEXT = 20_000;

export function Fields({ value, view, label }: { value: { [name: string]: unknown }; view: View; label: string }) {
  const entries = Object.entries(value);
  if (view === "json") return <JsonTree value={value} label={label} />;
  if (entries.length === 0) return <p className="quiet">Empty.</p>;
  return (
    <dl className="fields" aria-label={label}>
      {entries.map(([name, member]) => (
        <div key={name} className={isShort(member) ? "field-row field-row--short" : "field-row"}>
          <dt>
            <SafeText text={name} />
          </dt>
          <dd>
            <Value value={member} view={view} name={name} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value, view, name }: { value: unknown; view: View; name: string }) {
  if (typeof value === "string") {
    if (value === "") return <span className="quiet">empty text</span>;
    return <Text text={value} view={view} />;
  }
  if (value === null) return <span className="quiet">null</span>;
  if (typeof value === "object" && Object.keys(value).length === 0) {
    return <span className="quiet">{Array.isArray(value) ? "empty list" : "empty object"}</span>;
  }
  if (typeof value === "object") return <JsonTree value={value} label={name} />;
  return <span className="plain-value">{String(value)}</span>;
}

function Text({ text, view }: { text: string; view: View }) {
  const [folded, setFolded] = useFold(text.length > LONG_TEXT);
  if (folded) {
    return (
      <div className="long">
        <SafeText text={text.slice(0, 2_000)} block />
        <button type="button" className="long__more" onClick={() => setFolded(false)}>
          Show all {text.length.toLocaleString("en")} characters
        </button>
      </div>
    );
  }
  if (view === "markdown") {
    return (
      <Suspense fallback={<SafeText text={text} block />}>
        <Markdown text={text} />
      </Suspense>
    );
  }
  return <SafeText text={text} block />;
}

function isShort(value: unknown): boolean {
  if (typeof value === "string") return value.length <= 80 && !value.includes("\n");
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}
