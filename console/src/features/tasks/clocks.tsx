// The clocks of promised times, each with where it stands, in words: urgency is never colour alone.
import type { SlaClock } from "@/api/types";
import { exact, useNow } from "@/ui/time";
import { clockWords, METRICS } from "@/words/clocks";

export function Clocks({ clocks }: { clocks: readonly SlaClock[] }) {
  const now = useNow();
  return (
    <dl className="clocks">
      {clocks.map((clock) => {
        const words = clockWords(clock, now);
        if (words === null) return null;
        return (
          <div key={`${clock.kind} ${clock.stage} ${clock.number}`} className="clocks__line">
            <dt>
              {METRICS[clock.kind]}
              {clock.number === 1 ? "" : `, run ${clock.number}`}
            </dt>
            <dd
              className={`deadline deadline--${words.urgency}`}
              title={clock.due_at === null ? undefined : `Due ${exact(clock.due_at)}`}
            >
              {words.text}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
