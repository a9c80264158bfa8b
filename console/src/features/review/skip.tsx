// Leaving a task to others, with the reason why.
import type { ApiError } from "@/api/problem";
import { ReasonDialog } from "@/ui/reason-dialog";

const REASONS = ["Not my field", "I am too close to it", "Something is missing", "I cannot tell"];

interface Props {
  open: boolean;
  busy: boolean;
  error: ApiError | null;
  onClose(): void;
  onSkip(reason: string): void;
}

export function SkipDialog({ open, busy, error, onClose, onSkip }: Props) {
  return (
    <ReasonDialog
      open={open}
      title="Skip this task"
      about="It is not offered to you again. Other reviewers still see it."
      usual={REASONS}
      deed="Skip"
      busy={busy}
      error={error}
      onClose={onClose}
      onReason={onSkip}
    />
  );
}
