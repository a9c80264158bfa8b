// A JSON value as a tree. Everything is open unless the value is very large, and what is folded is counted.
import { createContext, useContext } from "react";
import { useFold } from "./folds";
import { SafeText } from "./safe-text";

/** A value with more nodes than this starts with its larger parts folded: the browser would stand still otherwise. */
const MANY_NODES = 2_000;
/** A part of such a value is larger when it has more nodes than this. */
const LARGE_PART = 100;

const Large = createContext(false);

export function JsonTree({ value, label }: { value: unknown; label: string }) {
  return (
    <Large value={countNodes(value, MANY_NODES + 1) > MANY_NODES}>
      <section className="json" dir="ltr" aria-label={label}>
        <Node value={value} depth={0} last />
      </section>
    </Large>
  );
}

interface NodeProps {
  value: unknown;
  name?: string;
  depth: number;
  last: boolean;
}

function Node({ value, name, depth, last }: NodeProps) {
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    if (entries.length > 0) return <Branch value={value} entries={entries} name={name} depth={depth} last={last} />;
  }
  return (
    <div className="json__line">
      <Name name={name} />
      <Leaf value={value} />
      {last ? null : <span className="json__mark">,</span>}
    </div>
  );
}

function Branch({ value, entries, name, depth, last }: NodeProps & { entries: [string, unknown][] }) {
  const large = useContext(Large);
  const [folded, setFolded] = useFold(large && depth >= 1 && countNodes(value, LARGE_PART + 1) > LARGE_PART);
  const isList = Array.isArray(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const count = `${entries.length} ${isList ? (entries.length === 1 ? "item" : "items") : entries.length === 1 ? "member" : "members"}`;
  return (
    <div className="json__branch">
      <div className="json__line">
        <button
          type="button"
          className="json__fold"
          aria-expanded={!folded}
          aria-label={`${folded ? "Unfold" : "Fold"} ${name ?? (isList ? "the list" : "the object")}`}
          onClick={() => setFolded(!folded)}
        />
        <Name name={name} />
        <span className="json__mark">{open}</span>
        {folded ? (
          <>
            <button type="button" className="json__folded" onClick={() => setFolded(false)}>
              {count}
            </button>
            <span className="json__mark">{close}</span>
            {last ? null : <span className="json__mark">,</span>}
          </>
        ) : null}
      </div>
      {folded ? null : (
        <>
          <div className="json__children">
            {entries.map(([key, child], index) => (
              <Node
                key={key}
                name={isList ? undefined : key}
                value={child}
                depth={depth + 1}
                last={index === entries.length - 1}
              />
            ))}
          </div>
          <div className="json__line">
            <span className="json__mark">{close}</span>
            {last ? null : <span className="json__mark">,</span>}
          </div>
        </>
      )}
    </div>
  );
}

function Name({ name }: { name: string | undefined }) {
  if (name === undefined) return null;
  return (
    <>
      <span className="json__name">
        "<SafeText text={name} />"
      </span>
      <span className="json__mark">: </span>
    </>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === "string") {
    return (
      <span className="json__string">
        "<SafeText text={value} block />"
      </span>
    );
  }
  if (typeof value === "object" && value !== null)
    return <span className="json__mark">{Array.isArray(value) ? "[]" : "{}"}</span>;
  return <span className="json__plain">{String(value)}</span>;
}

/** The number of values inside, counted no further than `limit`. */
export function countNodes(value: unknown, limit: number): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0 && count < limit) {
    const next = open.pop();
    count += 1;
    if (typeof next === "object" && next !== null) for (const child of Object.values(next)) open.push(child);
  }
  return count;
}
