// A score: one button for each on a short scale, a number on a long one.
import type { Queue } from "@/api/types";
import { Keys } from "@/ui/keys";
import { type Selectable, scaleOf } from "./verdict";

interface Props {
  queue: Queue;
  options: Selectable[];
  value: string;
  bar: string | null;
  pulsing: string | null;
  onPress(id: string): void;
  onScore(text: string): void;
}

export function ScoreInput({ queue, options, value, bar, pulsing, onPress, onScore }: Props) {
  const scale = scaleOf(queue);
  return (
    <div className="score">
      {options.length > 0 ? (
        <div className="score__scale" role="radiogroup" aria-label="Score">
          {options.map((option) => (
            <label
              key={option.id}
              className={`score__step ${value === option.id ? "score__step--selected" : ""} ${pulsing === option.id ? "option--pulse" : ""}`}
            >
              <input
                type="radio"
                name="score"
                className="option__input"
                checked={value === option.id}
                disabled={bar !== null}
                onChange={() => onPress(option.id)}
              />
              <span>{option.label}</span>
              {option.key === null || option.key === option.label ? null : <Keys name={option.key} />}
            </label>
          ))}
        </div>
      ) : (
        <input
          className="input score__number"
          type="number"
          inputMode="decimal"
          aria-label={`Score from ${scale.min} to ${scale.max}`}
          min={scale.min}
          max={scale.max}
          step={scale.step}
          disabled={bar !== null}
          value={value}
          onChange={(event) => onScore(event.target.value)}
        />
      )}
      <div className="score__ends">
        <span>{scale.min_label ?? scale.min}</span>
        <span>{scale.max_label ?? scale.max}</span>
      </div>
    </div>
  );
}
