// A dialog that asks for the reason of a deed: the usual ones to press, or one's own words.
import { type FormEvent, useState } from "react";
import { Button } from "./button";
import { Modal } from "./modal";
import { Complaint } from "./states";

interface Props {
  open: boolean;
  title: string;
  about: string;
  usual: readonly string[];
  /** What the button does. */
  deed: string;
  busy: boolean;
  error: unknown;
  onClose(): void;
  onReason(reason: string): void;
}

export function ReasonDialog({ open, title, about, usual, deed, busy, error, onClose, onReason }: Props) {
  const [reason, setReason] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    if (reason.trim() !== "" && !busy) onReason(reason.trim());
  }
  return (
    <Modal open={open} onClose={onClose} title={title}>
      <form className="form" onSubmit={submit}>
        <p className="quiet">{about}</p>
        <div className="chips" role="group" aria-label="Usual reasons">
          {usual.map((each) => (
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
          maxLength={2_000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <Complaint error={error} />
        <div className="form__actions">
          <Button onClick={onClose}>Go back</Button>
          <Button kind="primary" type="submit" busy={busy} bar={reason.trim() === "" ? "Give a reason." : null}>
            {deed}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
