// Editing the content: one control for each member, or the whole as JSON. What a text field cannot show is named below it.
import { useEffect, useRef, useState } from "react";
import type { JsonObject } from "@/api/types";
import { hiddenIn } from "@/content/pieces";
import { SafeText } from "@/content/safe-text";
import { isObject } from "@/content/same";

interface Props {
  original: JsonObject;
  value: JsonObject;
  onChange(data: JsonObject): void;
  onInvalid(reason: string | null): void;
}

export default function Editor({ value, onChange, onInvalid }: Props) {
  const [whole, setWhole] = useState(false);
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    onInvalid(broken.size === 0 ? null : "Part of the edited content is not valid JSON.");
  }, [broken, onInvalid]);
  useEffect(() => () => onInvalid(null), [onInvalid]);

  function mark(name: string, isBroken: boolean) {
    setBroken((before) => {
      if (before.has(name) === isBroken) return before;
      const after = new Set(before);
      if (isBroken) after.add(name);
      else after.delete(name);
      return after;
    });
  }

  return (
    <section className="block block--main editor" aria-label="Edit the content">
      <div className="block__head">
        <h2 className="block__title">Edit the content</h2>
        <div className="segments" role="group" aria-label="Edit as">
          <button type="button" className="segment" aria-pressed={!whole} onClick={() => setWhole(false)}>
            Fields
          </button>
          <button type="button" className="segment" aria-pressed={whole} onClick={() => setWhole(true)}>
            JSON
          </button>
        </div>
      </div>
      {whole ? (
        <JsonField
          name=""
          label="Content"
          value={value}
          onBroken={mark}
          accepts={(next) => isObject(next)}
          onChange={(next) => onChange(next as JsonObject)}
        />
      ) : (
        Object.entries(value).map(([name, member]) => (
          <MemberField
            key={name}
            name={name}
            value={member}
            onBroken={mark}
            onChange={(next) => onChange({ ...value, [name]: next })}
          />
        ))
      )}
    </section>
  );
}

interface MemberProps {
  name: string;
  value: unknown;
  onChange(value: unknown): void;
  onBroken(name: string, isBroken: boolean): void;
}

function MemberField({ name, value, onChange, onBroken }: MemberProps) {
  if (typeof value === "boolean") {
    return (
      <label className="check editor__field">
        <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
        <SafeText text={name} />
      </label>
    );
  }
  if (typeof value !== "string") {
    return (
      <JsonField name={name} label={name} value={value} onBroken={onBroken} onChange={onChange} accepts={() => true} />
    );
  }
  return (
    <label className="editor__field">
      <span className="editor__name">
        <SafeText text={name} />
      </span>
      <textarea
        className="textarea editor__text"
        dir="auto"
        rows={value.length > 80 || value.includes("\n") ? Math.min(24, Math.max(4, value.split("\n").length + 1)) : 1}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <HiddenWarning text={value} />
    </label>
  );
}

interface JsonProps extends MemberProps {
  label: string;
  accepts(value: unknown): boolean;
}

function JsonField({ name, label, value, onChange, onBroken, accepts }: JsonProps) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [wrong, setWrong] = useState<string | null>(null);
  const mark = useRef(onBroken);
  mark.current = onBroken;
  useEffect(() => () => mark.current(name, false), [name]);
  function update(next: string) {
    setText(next);
    try {
      const parsed: unknown = JSON.parse(next);
      if (!accepts(parsed)) throw new Error("The content must be an object.");
      setWrong(null);
      onBroken(name, false);
      onChange(parsed);
    } catch (error) {
      setWrong(error instanceof Error ? error.message : "This is not JSON.");
      onBroken(name, true);
    }
  }
  return (
    <label className="editor__field">
      <span className="editor__name">
        <SafeText text={label} />
      </span>
      <textarea
        className="textarea editor__json"
        dir="ltr"
        spellCheck={false}
        rows={Math.min(30, Math.max(1, text.split("\n").length))}
        aria-invalid={wrong !== null || undefined}
        value={text}
        onChange={(event) => update(event.target.value)}
      />
      {wrong === null ? null : <span className="field__error">{wrong}</span>}
      <HiddenWarning text={text} />
    </label>
  );
}

function HiddenWarning({ text }: { text: string }) {
  const hidden = hiddenIn(text);
  if (hidden.length === 0) return null;
  return (
    <span className="editor__hidden">
      Not visible above:{" "}
      {hidden.map((each) => `${each.label} ${each.name}${each.count > 1 ? ` ×${each.count}` : ""}`).join(", ")}
    </span>
  );
}
