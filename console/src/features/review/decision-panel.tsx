// The decision: what can be chosen, the feedback, and submit. It never moves, and what cannot be pressed says why.
import type { ReactNode, RefObject } from "react";
import type { Queue, Task } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { usePreference } from "@/preferences";
import { StateBadge } from "@/ui/badges";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import { useIsPhone } from "@/ui/media";
import { Complaint } from "@/ui/states";
import { Ago } from "@/ui/time";
import { OptionList } from "./option-list";
import { RuleLine, reviewersWords } from "./outcome";
import { ScoreInput } from "./score-input";
import { Standing } from "./standing";
import { APPROVED, type Draft, feedbackNeeded, REJECTED, type Selectable, verdictWords } from "./verdict";

export interface PanelProps {
  task: Task;
  queue: Queue;
  options: Selectable[];
  draft: Draft;
  most: number | null;
  /** Why nothing can be decided now. */
  bar: string | null;
  /** Why nothing can be let pass: part of the content is out of sight. */
  foldBar: string | null;
  /** Why the draft as it is cannot be submitted. */
  submitBar: string | null;
  rejectBar: string | null;
  edited: boolean;
  busy: boolean;
  pulsing: string | null;
  error: unknown;
  /** What to do with a review that came too late; null when it did not. */
  late: ReactNode;
  feedbackField: RefObject<HTMLTextAreaElement | null>;
  onPress(id: string): void;
  onScore(text: string): void;
  onFeedback(text: string): void;
  onSubmit(): void;
  onSkip(): void;
  onNext(): void;
  onUnfold(): void;
}

export function DecisionPanel(props: PanelProps) {
  const { task, queue } = props;
  const isPhone = useIsPhone();
  // On a phone the verdicts stand in the bar under the thumb.
  const below = isPhone && queue.review_type === "approval";
  if (task.state !== "queued") return <Settled task={task} queue={queue} late={props.late} onNext={props.onNext} />;
  return (
    <aside className="panel" aria-label="Decision">
      <div className="panel__body">
        <h2 className="panel__title">{QUESTIONS[queue.review_type]}</h2>
        {below ? null : <Choices {...props} />}
        <Feedback {...props} />
        {props.foldBar === null ? null : (
          <div className="panel__bar">
            <Icon name="warning" />
            <span>{props.foldBar}</span>
            <Button size="small" keys="u" onClick={props.onUnfold}>
              Unfold
            </Button>
          </div>
        )}
        {props.bar === null ? null : (
          <div className="panel__bar">
            <Icon name="lock" />
            <span>{props.bar}</span>
          </div>
        )}
        {props.late ?? <Complaint error={props.error} />}
        <Standing task={task} queue={queue} />
      </div>
      <Footer {...props} verdicts={below ? <Verdicts {...props} /> : null} />
    </aside>
  );
}

const QUESTIONS: Record<Queue["review_type"], string> = {
  approval: "May this go ahead?",
  classification: "What is it?",
  labeling: "Which labels apply?",
  scoring: "How good is it?",
  multiple_choice: "Which one?",
  augmentation: "Make it right",
};

function Choices(props: PanelProps) {
  const { queue, options, draft, most, bar, busy, pulsing } = props;
  if (queue.review_type === "augmentation") {
    return (
      <p className="panel__hint">
        {props.edited ? "Your changes are shown beside the content." : "Edit the content, or submit it as it is."}
      </p>
    );
  }
  if (queue.review_type === "approval") return <Verdicts {...props} />;
  if (queue.review_type === "scoring") {
    return (
      <ScoreInput
        queue={queue}
        options={options}
        value={draft.result[0] ?? ""}
        bar={bar}
        pulsing={pulsing}
        onPress={props.onPress}
        onScore={props.onScore}
      />
    );
  }
  return (
    <OptionList
      options={options}
      selected={draft.result}
      most={most}
      bar={bar ?? (busy ? "The decision is being sent." : null)}
      pulsing={pulsing}
      onPress={props.onPress}
    />
  );
}

/** Approval: one press decides. */
function Verdicts({ options, draft, bar, foldBar, rejectBar, edited, busy, pulsing, onPress }: PanelProps) {
  return (
    <div className="verdicts">
      {options.map((option) => {
        const refuses = option.id === REJECTED;
        const kind = option.id === APPROVED ? "good" : refuses ? "bad" : "plain";
        return (
          <div key={option.id} className="verdict">
            <Button
              kind={kind}
              size="large"
              bar={refuses ? rejectBar : (bar ?? foldBar)}
              busy={busy && draft.result[0] === option.id}
              keys={option.key ?? undefined}
              pulsing={pulsing === option.id}
              aria-pressed={draft.result.includes(option.id)}
              onClick={() => onPress(option.id)}
            >
              {option.label}
              {option.id === APPROVED && edited ? " with edits" : ""}
            </Button>
            {option.description === null ? null : <p className="verdict__about">{option.description}</p>}
          </div>
        );
      })}
    </div>
  );
}

function Feedback({ queue, draft, feedbackField, onFeedback, bar }: PanelProps) {
  const needed = feedbackNeeded(queue, draft.result);
  const hint =
    queue.feedback_required === "when_rejected"
      ? "Needed to reject"
      : queue.feedback_required === "when_empty"
        ? "Needed when nothing is selected"
        : null;
  return (
    <label className="panel__feedback">
      <span className="field__label">
        Feedback{" "}
        <span className="field__optional">
          {needed ? "needed" : (hint ?? (queue.feedback_required === "never" ? "optional" : ""))}
        </span>
      </span>
      <textarea
        ref={feedbackField}
        className="textarea"
        rows={4}
        maxLength={10_000}
        disabled={bar !== null && draft.feedback === ""}
        aria-required={needed || undefined}
        placeholder="Why, in words the agent and the record can use"
        value={draft.feedback}
        onChange={(event) => onFeedback(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </label>
  );
}

function Footer(props: PanelProps & { verdicts: ReactNode }) {
  const { queue, draft, bar, submitBar, busy, pulsing } = props;
  const [advance, setAdvance] = usePreference("advance");
  const atOnce = queue.review_type === "approval";
  return (
    <div className="panel__foot">
      {submitBar === null || bar !== null || (atOnce && draft.result.length === 0) ? null : (
        <p className="panel__why" id="submit-why">
          {submitBar}
        </p>
      )}
      {props.verdicts}
      <div className="panel__actions">
        <Button size="large" keys="s" bar={bar} onClick={props.onSkip}>
          Skip
        </Button>
        {atOnce && draft.result.length === 0 ? null : (
          <Button
            kind="primary"
            size="large"
            keys="mod+enter"
            bar={submitBar}
            busy={busy}
            pulsing={pulsing === "submit"}
            onClick={props.onSubmit}
          >
            {queue.review_type === "augmentation" && !props.edited ? "Submit unchanged" : "Submit"}
          </Button>
        )}
      </div>
      <label className="check panel__advance">
        <input
          type="checkbox"
          checked={advance === "on"}
          onChange={(event) => setAdvance(event.target.checked ? "on" : "off")}
        />
        Open the next task afterwards
      </label>
    </div>
  );
}

/** The task is no longer open: what it resolved to, and the way on. */
function Settled({ task, queue, late, onNext }: Pick<PanelProps, "task" | "queue" | "late" | "onNext">) {
  const reviews = (task.reviews ?? []).filter((each) => each.voided_at === null && !each.surplus);
  const review = reviews.at(-1) ?? null;
  const by = reviewersWords(reviews);
  return (
    <aside className="panel" aria-label="Decision">
      <div className="panel__body">
        <h2 className="panel__title">
          {task.state === "reviewed"
            ? "Decided"
            : task.state === "cancelled"
              ? "Cancelled"
              : task.state === "expired"
                ? "Expired"
                : "Not open yet"}
        </h2>
        <p>
          <StateBadge state={task.state} outcome={task.outcome} />
        </p>
        {task.outcome === null ? null : (
          <p className="quiet">
            {task.outcome.kind === "decided"
              ? verdictWords(queue, task, task.outcome.result)
              : (task.outcome.reason ?? "")}{" "}
            {by === null ? null : <>by {by} </>}
            <Ago at={task.outcome.at} />
          </p>
        )}
        {task.outcome === null ? null : <RuleLine outcome={task.outcome} />}
        {review?.feedback ? (
          <blockquote className="said">
            <SafeText text={review.feedback} block />
          </blockquote>
        ) : null}
        {late}
      </div>
      <div className="panel__foot">
        <div className="panel__actions">
          <Button kind="primary" size="large" keys="j" onClick={onNext}>
            Next task
          </Button>
        </div>
      </div>
    </aside>
  );
}
