// What an administrator may do with a task beside reviewing it: assign, override, cancel, reopen.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import { membersQuery } from "@/api/queries";
import type { Task } from "@/api/types";
import { useMe } from "@/features/shell/me";
import { barTo, isOpen, may } from "@/rules";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Modal } from "@/ui/modal";
import { Complaint } from "@/ui/states";

const OverrideDialog = lazy(() => import("./override").then(({ OverrideDialog }) => ({ default: OverrideDialog })));

export function TaskActions({ task }: { task: Task }) {
  const me = useMe();
  const [asking, setAsking] = useState<"cancel" | "reopen" | "assign" | "override" | null>(null);
  return (
    <>
      {isOpen(task) ? (
        <>
          {may(me, "task.assign") ? <Button onClick={() => setAsking("assign")}>Assign</Button> : null}
          {task.state === "queued" && may(me, "task.override") ? (
            <Button onClick={() => setAsking("override")}>Override</Button>
          ) : null}
          {may(me, "task.cancel") ? <Button onClick={() => setAsking("cancel")}>Cancel task</Button> : null}
        </>
      ) : (
        <Button
          bar={barTo(me, "task.reopen") ?? (task.state === "reviewed" ? null : "Only a decided task can be reopened.")}
          onClick={() => setAsking("reopen")}
        >
          Reopen
        </Button>
      )}
      <ReasonDialog task={task} asking={asking} onClose={() => setAsking(null)} />
      {asking === "override" && task.queue !== null ? (
        <Suspense fallback={null}>
          <OverrideDialog task={task} queue={task.queue} onClose={() => setAsking(null)} />
        </Suspense>
      ) : null}
      {asking === "assign" ? <AssignDialog task={task} onClose={() => setAsking(null)} /> : null}
    </>
  );
}

function ReasonDialog({ task, asking, onClose }: { task: Task; asking: string | null; onClose(): void }) {
  const [reason, setReason] = useState("");
  const cache = useQueryClient();
  const reopens = asking === "reopen";
  const send = useMutation({
    mutationFn: () => {
      const init = { params: { path: { id: task.id } }, headers: { "Idempotency-Key": idempotencyKey() } };
      return reopens
        ? answer(client.POST("/task/{id}/reopen", { ...init, body: { reason } }))
        : answer(client.POST("/task/{id}/cancel", { ...init, body: reason.trim() === "" ? {} : { reason } }));
    },
    onSuccess: () => {
      cache.invalidateQueries({ queryKey: ["task", task.id] });
      cache.invalidateQueries({ queryKey: ["tasks"] });
      setReason("");
      onClose();
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    send.mutate();
  }
  return (
    <Modal
      open={reopens || asking === "cancel"}
      onClose={onClose}
      title={reopens ? "Reopen this task" : "Cancel this task"}
    >
      <form className="form" onSubmit={submit}>
        <p className="quiet">
          {reopens
            ? "Its reviews become void and it waits for a reviewer again. The agent may already have acted on the decision."
            : "Nobody can decide it any more, and the agent is told that it was cancelled. A cancelled task is not a rejected one."}
        </p>
        <Field label="Reason" optional={!reopens}>
          {(control) => (
            <textarea
              {...control}
              className="textarea"
              rows={2}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Complaint error={send.error} />
        <div className="form__actions">
          <Button onClick={onClose}>Go back</Button>
          <Button
            kind={reopens ? "primary" : "bad"}
            type="submit"
            busy={send.isPending}
            bar={reopens && reason.trim() === "" ? "Give a reason." : null}
          >
            {reopens ? "Reopen" : "Cancel task"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function AssignDialog({ task, onClose }: { task: Task; onClose(): void }) {
  const { data: members = [] } = useQuery(membersQuery);
  const [assignee, setAssignee] = useState(task.assignee_id ?? "");
  const cache = useQueryClient();
  const assign = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/task/{id}/assign", {
          params: { path: { id: task.id } },
          headers: { "Idempotency-Key": idempotencyKey() },
          body: { assignee_id: assignee === "" ? null : assignee },
        }),
      ),
    onSuccess: () => {
      cache.invalidateQueries({ queryKey: ["task", task.id] });
      cache.invalidateQueries({ queryKey: ["tasks"] });
      onClose();
    },
  });
  const named = task.queue?.reviewer_ids ?? null;
  const eligible = members.filter(
    (member) => member.state === "active" && member.role !== "auditor" && (named === null || named.includes(member.id)),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    assign.mutate();
  }
  return (
    <Modal open onClose={onClose} title="Assign this task">
      <form className="form" onSubmit={submit}>
        <Field label="Reviewer" hint="Only this person is asked. Without a name it is anybody's in the queue.">
          {(control) => (
            <select
              {...control}
              className="select"
              value={assignee}
              onChange={(event) => setAssignee(event.target.value)}
            >
              <option value="">Nobody in particular</option>
              {eligible.map((member) => (
                <option key={member.id} value={member.id}>
                  {member.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Complaint error={assign.error} />
        <div className="form__actions">
          <Button onClick={onClose}>Go back</Button>
          <Button kind="primary" type="submit" busy={assign.isPending}>
            Assign
          </Button>
        </div>
      </form>
    </Modal>
  );
}
