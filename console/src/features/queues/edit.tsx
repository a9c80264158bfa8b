// Creating and changing a queue.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import { queueQuery } from "@/api/queries";
import type { Queue } from "@/api/types";
import { useMe } from "@/features/shell/me";
import { barTo } from "@/rules";
import { Button } from "@/ui/button";
import { Modal } from "@/ui/modal";
import { Complaint, Failed, LoadingRows } from "@/ui/states";
import { QueueForm } from "./form";
import { type Entries, fromQueue, NEW_QUEUE, toChange } from "./form-state";
import "./queues.css";
import { counted } from "@/ui/count";

export function CreateQueue() {
  const me = useMe();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const create = useMutation({
    mutationFn: (entries: Entries) =>
      answer(
        client.POST("/queue", {
          headers: { "Idempotency-Key": idempotencyKey() },
          body: { key: entries.key, review_type: entries.review_type, ...toChange(entries), name: entries.name },
        }),
      ),
    onSuccess: (queue) => {
      cache.invalidateQueries({ queryKey: ["queue"] });
      navigate({ to: "/queue/$key", params: { key: queue.key } });
    },
  });
  return (
    <div className="page page--form">
      <p className="crumb">
        <Link to="/queue">Queues</Link>
      </p>
      <h1 className="page__title">New queue</h1>
      <QueueForm
        initial={NEW_QUEUE}
        isNew
        bar={barTo(me, "queue.write")}
        busy={create.isPending}
        error={create.error}
        onSubmit={(entries) => create.mutate(entries)}
      />
    </div>
  );
}

export function EditQueue() {
  const { key } = useParams({ from: "/shell/queue/$key/edit" });
  const queue = useQuery(queueQuery(key));
  if (queue.isPending) return <LoadingRows label="Queue" />;
  if (queue.isError && queue.data === undefined) {
    return <Failed error={queue.error} what="This queue" onRetry={() => queue.refetch()} />;
  }
  // The form starts from what was read first: a refetch in the middle of typing changes nothing.
  return <EditLoaded key={queue.data.id} queue={queue.data} />;
}

function EditLoaded({ queue }: { queue: Queue }) {
  const me = useMe();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [closing, setClosing] = useState(false);
  const bar = barTo(me, "queue.write");
  const back = () => {
    cache.invalidateQueries({ queryKey: ["queue"] });
    navigate({ to: "/queue/$key", params: { key: queue.key } });
  };
  const path = { key: queue.key };
  const save = useMutation({
    mutationFn: (entries: Entries) =>
      answer(client.PATCH("/queue/{key}", { params: { path }, body: toChange(entries) })),
    onSuccess: back,
  });
  const close = useMutation({
    mutationFn: () => answer(client.DELETE("/queue/{key}", { params: { path } })),
    onSuccess: back,
  });
  return (
    <div className="page page--form">
      <p className="crumb">
        <Link to="/queue">Queues</Link> /{" "}
        <Link to="/queue/$key" params={{ key: queue.key }}>
          {queue.name}
        </Link>
      </p>
      <h1 className="page__title">Edit queue</h1>
      <p className="page__lead">
        Version {queue.version}. Tasks that are already open are decided under the version they were submitted to.
      </p>
      <QueueForm
        initial={fromQueue(queue)}
        isNew={false}
        bar={bar}
        busy={save.isPending}
        error={save.error}
        onSubmit={(entries) => save.mutate(entries)}
      />
      {queue.deleted_at === null ? (
        <section className="danger">
          <h2>Close this queue</h2>
          <p className="quiet">New tasks are refused. Open ones are still decided, and everything stays on record.</p>
          <Button kind="bad" bar={bar} onClick={() => setClosing(true)}>
            Close queue
          </Button>
        </section>
      ) : null}
      <Modal open={closing} onClose={() => setClosing(false)} title={`Close ${queue.name}?`}>
        <p>
          {!queue.open_count
            ? "Nothing is open in it."
            : `${counted(queue.open_count)} open ${queue.open_count === 1 ? "task is" : "tasks are"} still to be decided.`}{" "}
          Agents that submit to it from now on get a refusal.
        </p>
        <Complaint error={close.error} />
        <div className="form__actions">
          <Button onClick={() => setClosing(false)}>Go back</Button>
          <Button kind="bad" busy={close.isPending} onClick={() => close.mutate()}>
            Close queue
          </Button>
        </div>
      </Modal>
    </div>
  );
}
