// The options of a queue: order, names, keys, colours, and when to choose each.
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import { keyFor, NEW_OPTION, type OptionEntry } from "./form-state";

interface Props {
  options: OptionEntry[];
  errors: { [pointer: string]: string[] };
  hint: string;
  onChange(options: OptionEntry[]): void;
}

export function OptionsEditor({ options, errors, hint, onChange }: Props) {
  const set = (index: number, change: Partial<OptionEntry>) =>
    onChange(options.map((option, at) => (at === index ? { ...option, ...change } : option)));
  const move = (index: number, by: 1 | -1) => {
    const next = [...options];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + by, 0, moved);
    onChange(next);
  };
  return (
    <fieldset className="plain-set">
      <legend className="field__label">Options</legend>
      <div className="field__hint">{hint}</div>
      {options.map((option, index) => {
        const place = `Option ${index + 1}`;
        const wrong = Object.entries(errors)
          .filter(([pointer]) => pointer.startsWith(`/review_options/${index}`))
          .flatMap(([, sentences]) => sentences);
        return (
          <div key={index} className="option-edit">
            <div className="option-edit__line">
              <input
                className="input"
                aria-label={`${place}: label`}
                placeholder="Label"
                required
                value={option.label}
                onChange={(event) =>
                  set(index, {
                    label: event.target.value,
                    ...(option.id === "" || option.id === idFor(option.label) ? { id: idFor(event.target.value) } : {}),
                  })
                }
              />
              <input
                className="input input--code"
                aria-label={`${place}: id`}
                placeholder="id in results"
                required
                value={option.id}
                onChange={(event) => set(index, { id: event.target.value })}
              />
              <input
                className="input input--key"
                aria-label={`${place}: key`}
                placeholder="key"
                maxLength={1}
                pattern="[A-Za-z0-9]"
                value={option.hotkey}
                onChange={(event) => set(index, { hotkey: event.target.value })}
              />
              <input
                className="input input--color"
                type="color"
                aria-label={`${place}: colour`}
                value={option.color === "" ? "#8a8f98" : option.color}
                onChange={(event) => set(index, { color: event.target.value })}
              />
              <button
                type="button"
                className="icon-button"
                aria-label={`${place}: up`}
                disabled={index === 0}
                onClick={() => move(index, -1)}
              >
                <Icon name="up" />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={`${place}: down`}
                disabled={index === options.length - 1}
                onClick={() => move(index, 1)}
              >
                <Icon name="down" />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={`${place}: remove`}
                onClick={() => onChange(options.filter((_, at) => at !== index))}
              >
                <Icon name="close" />
              </button>
            </div>
            <input
              className="input"
              aria-label={`${place}: when to choose it`}
              placeholder="When to choose it (optional)"
              value={option.description}
              onChange={(event) => set(index, { description: event.target.value })}
            />
            {wrong.length === 0 ? null : <div className="field__error">{wrong.join(" ")}</div>}
          </div>
        );
      })}
      <Button size="small" onClick={() => onChange([...options, NEW_OPTION])}>
        Add an option
      </Button>
    </fieldset>
  );
}

function idFor(label: string): string {
  return keyFor(label).replaceAll("-", "_");
}
