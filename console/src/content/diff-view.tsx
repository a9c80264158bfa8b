// The changes between two contents, one block per place.
import { useMemo } from "react";
import { changes, type Part } from "./diff";
import { pieces } from "./pieces";
import { renderPieces, SafeText } from "./safe-text";
import "./content.css";

export default function DiffView({ before, after }: { before: unknown; after: unknown }) {
  const found = useMemo(() => changes(before, after), [before, after]);
  if (found.length === 0) return <p className="quiet">Nothing is changed.</p>;
  return (
    <ul className="diff">
      {found.map((change) => (
        <li key={change.path} className="diff__change">
          <div className="diff__path">
            <SafeText text={change.path === "" ? "(everything)" : change.path} />
            <span className="diff__kind">{change.kind}</span>
          </div>
          {change.parts !== null ? (
            <bdi className="diff__text safe--block">
              {change.parts.map((part, index) => (
                <PartView key={index} part={part} />
              ))}
            </bdi>
          ) : (
            <div className="diff__text safe--block">
              {change.kind === "added" ? null : (
                <del>
                  <SafeText text={written(change.before)} block />
                </del>
              )}
              {change.kind === "changed" ? "\n" : null}
              {change.kind === "removed" ? null : (
                <ins>
                  <SafeText text={written(change.after)} block />
                </ins>
              )}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function PartView({ part }: { part: Part }) {
  const text = renderPieces(pieces(part.text));
  if (part.kind === "added") return <ins>{text}</ins>;
  if (part.kind === "removed") return <del>{text}</del>;
  return <span>{text}</span>;
}

function written(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
}
