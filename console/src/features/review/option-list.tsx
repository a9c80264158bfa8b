// Options to select from: one or several, each with its key, its colour and when to choose it.
import { SafeText } from "@/content/safe-text";
import { Keys } from "@/ui/keys";
import type { Selectable } from "./verdict";

interface Props {
  options: Selectable[];
  selected: readonly string[];
  most: number | null;
  bar: string | null;
  pulsing: string | null;
  onPress(id: string): void;
}

export function OptionList({ options, selected, most, bar, pulsing, onPress }: Props) {
  const single = most === 1;
  const full = !single && most !== null && selected.length >= most;
  return (
    <fieldset className="options" aria-describedby={full ? "options-full" : undefined}>
      <legend className="options__legend">
        {single ? "Choose one" : most === null ? "Choose any" : `Choose up to ${most}`}
      </legend>
      {options.map((option) => {
        const isSelected = selected.includes(option.id);
        return (
          <label
            key={option.id}
            className={`option ${isSelected ? "option--selected" : ""} ${pulsing === option.id ? "option--pulse" : ""}`}
          >
            <input
              type={single ? "radio" : "checkbox"}
              name="selection"
              className="option__input"
              checked={isSelected}
              disabled={bar !== null || (full && !isSelected)}
              onChange={() => onPress(option.id)}
            />
            {option.color === null ? null : (
              <span className="option__color" style={{ background: option.color }} aria-hidden="true" />
            )}
            <span className="option__text">
              <span className="option__label">
                <SafeText text={option.label} />
              </span>
              {option.description === null ? null : (
                <span className="option__about">
                  <SafeText text={option.description} block />
                </span>
              )}
            </span>
            {option.key === null ? null : <Keys name={option.key} />}
          </label>
        );
      })}
      {full ? (
        <p className="options__full" id="options-full">
          No more than {most} can be selected. Take one away to choose another.
        </p>
      ) : null}
    </fieldset>
  );
}
