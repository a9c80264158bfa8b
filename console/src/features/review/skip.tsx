// Leaving a task to others, with the reason why.
import { type FormEvent, useState } from "react";
import type { ApiError } from "@/api/problem";
import { Button } from "@/ui/button";
import { Modal } from "@/ui/modal";
import { Complaint } from "@/ui/states";

const REASONS = ["Not my field", "I am too close to it", "Something is missing", "I cannot tell"];

interface Props {
  open: boolean;
  busy: boolean;
  error: ApiError | null;
  onClose(): void;
  onSkip(reason: string): void;
}

export function SkipDialog({ open, busy, error, onClose, onSkip }: Props) {
  const [reason, setReason] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    if (reason.trim() !== "" && !busy) onSkip(reason.trim());
  }
  return (
    <Modal open={open} onClose={onClose} title="Skip this task">
      <form className="form" onSubmit={submit}>
        <p className="quiet">It is not offered to you again. Other reviewers still see it.</p>
        <div className="chips" role="group" aria-label="Usual reasons">
          {REASONS.map((each) => (
            <button
              key={each}
              type="button"
              className="chip"
              aria-pressed={reason === each}
              onClick={() => setReason(each)}
            >
              {each}
            </button>
          ))}
        </div>
        <textarea
          className="textarea"
          rows={2}
          aria-label="Reason"
          placeholder="The reason, for the record"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <Complaint error={error} />
        <div className="form__actions">
          <Button onClick={onClose}>Go back</Button>
          <Button kind="primary" type="submit" busy={busy} bar={reason.trim() === "" ? "Give a reason." : null}>
            Skip
          </Button>
        </div>
      </form>
    </Modal>
  );
}
