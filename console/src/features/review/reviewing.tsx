// One task under review: what is shown, what has been entered, and what stands in the way of a decision.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { idempotencyKey } from "@/api/client";
import { asApiError } from "@/api/problem";
import { taskQuery } from "@/api/queries";
import type { Queue, Task } from "@/api/types";
import type { View } from "@/content/fields";
import { FoldsProvider, useFolds } from "@/content/folds";
import { useMe } from "@/features/shell/me";
import { useStandsIn } from "@/features/shell/stand-in";
import { usePulse, useSettled, useShortcuts } from "@/keyboard/shortcuts";
import { barOfRefusal, barToReview, heldByOther } from "@/rules";
import { useAnnounce } from "@/ui/announcer";
import { Failed, LoadingRows } from "@/ui/states";
import { ContentPane } from "./content-pane";
import { DecisionPanel } from "./decision-panel";
import { useDraft } from "./draft";
import { isLate } from "./late";
import { LateNote } from "./late-note";
import { useLease } from "./lease";
import { Notices } from "./notices";
import { SkipDialog } from "./skip";
import { useKeepLate, useSkip, useSubmit } from "./submit";
import * as verdict from "./verdict";

interface Props {
  taskId: string;
  /** Its place among what waits, from 1; null when it is not in the list. */
  position: number | null;
  waiting: number;
  onDecided(task: Task): void;
  onSkipped(task: Task): void;
  onNext(): void;
  onStep(by: 1 | -1): void;
}

export function Reviewing(props: Props) {
  const query = useQuery(taskQuery(props.taskId));
  const task = query.data;
  if (task === undefined || task.queue === null) {
    if (query.isError) return <Failed error={query.error} what="This task" onRetry={() => query.refetch()} />;
    return <LoadingRows label="Task" rows={8} />;
  }
  return (
    <FoldsProvider>
      <Loaded {...props} task={task} queue={task.queue} />
    </FoldsProvider>
  );
}

const VIEWS: readonly View[] = ["text", "markdown", "json"];

function Loaded({ task: latest, queue, position, waiting, ...props }: Props & { task: Task; queue: Queue }) {
  const me = useMe();
  const search = useSearch({ from: "/shell/review" });
  const navigate = useNavigate({ from: "/review" });
  const announce = useAnnounce();
  const folds = useFolds();
  const feedbackField = useRef<HTMLTextAreaElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  // What the reviewer has before them. A newer revision replaces it only when they ask for it: content never changes under
  // a finger that is about to approve.
  const [seen, setSeen] = useState(latest);
  const revised = latest.revision !== seen.revision;
  const task: Task = revised
    ? {
        ...latest,
        revision: seen.revision,
        data: seen.data,
        context: seen.context,
        metadata: seen.metadata,
        choices: seen.choices,
        summary: seen.summary,
      }
    : latest;

  const { draft, change, discard } = useDraft(task.id, task.revision);
  const [editing, setEditing] = useState(queue.review_type === "augmentation");
  const [invalid, setInvalid] = useState<string | null>(null);
  const [skipping, setSkipping] = useState(false);
  const [pulsing, pulse] = usePulse();
  const barred = barToReview(me, task, queue, useStandsIn());
  const open = task.state === "queued";
  const hold = useLease(
    task.id,
    task.revision,
    barred === null,
    task.lease?.member_id === me.member.id ? task.lease : null,
  );
  const options = verdict.selectables(queue, task);
  const most = verdict.maxSelections(queue, task);
  const tab = search.tab ?? "content";
  const [contentSeen, setContentSeen] = useState(tab === "content");
  if (tab === "content" && !contentSeen) setContentSeen(true);

  const submit = useSubmit((review) => {
    hold.spent();
    discard();
    const words = verdict.verdictWords(queue, task, review.result);
    announce(`${words}, ${Math.max(0, waiting - 1)} left`);
    props.onDecided(task);
  }, hold.take);
  const skip = useSkip(() => {
    hold.spent();
    discard();
    announce("Skipped");
    props.onSkipped(task);
  });
  const late = useKeepLate(discard);
  const busy = submit.isPending || skip.isPending || late.isPending;
  const settled = useSettled(contentSeen && open ? `${task.id}/${task.revision}` : null, busy);

  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);

  /** Why nothing may be submitted, whatever the draft says. */
  const bar =
    barred ??
    barOfRefusal(hold.problem?.code) ??
    (revised ? "The agent has revised this task. Look at the new revision first." : null) ??
    (contentSeen ? null : "Look at the content first.");
  const foldBar =
    folds.folded === 0
      ? null
      : `${folds.folded === 1 ? "A part" : `${folds.folded} parts`} of the content ${folds.folded === 1 ? "is" : "are"} folded. Unfold everything before you let it pass.`;

  function barFor(candidate: verdict.Draft): string | null {
    const refuses = queue.review_type === "approval" && candidate.result.includes(verdict.REJECTED);
    return bar ?? (refuses ? null : foldBar) ?? invalid ?? verdict.barOfDraft(queue, task, candidate);
  }

  function send(candidate: verdict.Draft) {
    if (busy || !settled) return;
    if (barFor(candidate) !== null) {
      if (verdict.feedbackNeeded(queue, candidate.result) && candidate.feedback.trim() === "")
        feedbackField.current?.focus();
      return;
    }
    submit.mutate({
      task,
      body: verdict.toBody(queue, task, candidate, hold.lease?.id ?? null),
      key: idempotencyKey(),
    });
  }

  function press(id: string) {
    if (busy || bar !== null) return;
    pulse(id);
    if (verdict.decidesAtOnce(queue.review_type)) {
      if (!settled) return;
      const candidate = { ...draft, result: [id] };
      if (barFor(candidate) !== null) change((before) => ({ ...before, result: [id] }));
      send(candidate);
    } else {
      change((before) => verdict.toggle(before, id, most));
    }
  }

  const isLateNow =
    late.isSuccess ||
    isLate({
      task: latest,
      draft,
      leaseId: hold.lastId,
      refusal: submit.error === null ? null : asApiError(submit.error),
      heldByOther: heldByOther(me, latest),
      mineIsIn: (latest.reviews ?? []).some(
        (review) => review.reviewer_id === me.member.id && review.stage === latest.stage && review.voided_at === null,
      ),
    });
  // A press that was refused decided what the draft does not hold yet.
  const pressed = draft.result.length > 0 ? draft.result : (submit.variables?.body.result ?? []);
  const undecided = pressed.length === 0 && verdict.decidesAtOnce(queue.review_type);
  const lateChoices = (undecided ? options.map(({ id, label }) => ({ id, label })) : [null]).map((option) => {
    const result = option === null ? pressed : [option.id];
    return { label: option?.label ?? null, result, bar: verdict.barOfDraft(queue, task, { ...draft, result }) };
  });
  function keepLate(result: string[]) {
    const body = verdict.toBody(queue, task, { ...draft, result }, hold.lastId);
    late.mutate({ task, body: { ...body, keep_late: true }, key: idempotencyKey() });
  }

  const canEdit = verdict.takesEdits(queue) && barred === null;
  function edit() {
    if (!canEdit) return;
    setEditing(true);
    navigate({ search: (before) => ({ ...before, tab: undefined }), replace: true });
  }

  useShortcuts([
    ...options.flatMap((option) =>
      option.key === null
        ? []
        : [
            {
              keys: [option.key],
              label: option.label,
              group: "Decision",
              verdict: true,
              run: () => press(option.id),
            },
          ],
    ),
    {
      keys: ["mod+enter"],
      label: "Submit",
      group: "Decision",
      verdict: true,
      run: () => {
        pulse("submit");
        send(draft);
      },
    },
    { keys: ["e"], label: "Edit the content", group: "Decision", run: edit },
    { keys: ["f"], label: "Write feedback", group: "Decision", run: () => feedbackField.current?.focus() },
    { keys: ["s"], label: "Skip with a reason", group: "Decision", run: () => setSkipping(barred === null) },
    {
      keys: ["v"],
      label: "Text, Markdown or JSON",
      group: "Review",
      run: () =>
        navigate({
          search: (before) => ({ ...before, view: VIEWS[(VIEWS.indexOf(before.view ?? "text") + 1) % VIEWS.length] }),
          replace: true,
        }),
    },
    { keys: ["u"], label: "Unfold everything", group: "Review", run: folds.openAll },
  ]);

  return (
    <>
      <ContentPane
        task={task}
        queue={queue}
        heading={heading}
        position={position}
        waiting={waiting}
        draft={draft}
        canEdit={canEdit}
        editing={editing && canEdit}
        onEdit={edit}
        onLeaveEditing={() => setEditing(false)}
        onChange={(data) => change((before) => ({ ...before, data }))}
        onInvalid={setInvalid}
        onStep={props.onStep}
        notices={
          <Notices
            task={task}
            latest={latest}
            hold={hold}
            revised={revised}
            onShowRevision={() => {
              setSeen(latest);
              setInvalid(null);
            }}
          />
        }
      />
      <DecisionPanel
        task={task}
        queue={queue}
        options={options}
        draft={draft}
        most={most}
        bar={bar}
        foldBar={foldBar}
        submitBar={barFor(draft)}
        rejectBar={bar}
        edited={verdict.isEdited(task, draft)}
        busy={busy}
        pulsing={pulsing}
        error={submit.error}
        late={
          isLateNow ? (
            <LateNote
              choices={lateChoices}
              busy={late.isPending}
              kept={late.isSuccess}
              error={late.error}
              onKeep={keepLate}
            />
          ) : null
        }
        feedbackField={feedbackField}
        onPress={press}
        onScore={(text) => change((before) => ({ ...before, result: text === "" ? [] : [text] }))}
        onFeedback={(feedback) => change((before) => ({ ...before, feedback }))}
        onSubmit={() => send(draft)}
        onSkip={() => setSkipping(true)}
        onNext={props.onNext}
        onUnfold={folds.openAll}
      />
      <SkipDialog
        open={skipping}
        busy={skip.isPending}
        error={skip.error === null ? null : asApiError(skip.error)}
        onClose={() => setSkipping(false)}
        onSkip={(reason) => skip.mutate({ task, reason, leaseId: hold.lease?.id ?? null })}
      />
    </>
  );
}
