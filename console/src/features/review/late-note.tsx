// What to do with a review whose place is gone.
import { SafeText } from "@/content/safe-text";
import { Button } from "@/ui/button";
import { Complaint, Note } from "@/ui/states";

interface Props {
  /** What it can be kept as: where a press would have decided, none was chosen before. */
  choices: readonly Choice[];
  busy: boolean;
  kept: boolean;
  error: unknown;
  onKeep(result: string[]): void;
}

interface Choice {
  /** Null where the draft says it already. */
  label: string | null;
  result: string[];
  /** Why it cannot be kept as this. */
  bar: string | null;
}

export function LateNote({ choices, busy, kept, error, onKeep }: Props) {
  if (kept) return <Note kind="good">Kept as surplus: it is on record, and counts for nothing.</Note>;
  return (
    <>
      <Note
        kind="warn"
        action={
          <span className="late">
            {choices.map(({ label, result, bar }) => (
              <Button key={label} size="small" bar={bar} busy={busy} onClick={() => onKeep(result)}>
                Keep it as surplus
                {label === null ? null : (
                  <>
                    : <SafeText text={label} />
                  </>
                )}
              </Button>
            ))}
          </span>
        }
      >
        The place of your review is taken. What you entered can be kept on record; it does not count.
      </Note>
      <Complaint error={error} />
    </>
  );
}
