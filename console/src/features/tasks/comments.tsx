// What people and agents said beside a task. Markdown, as safe as everything else from outside.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, lazy, Suspense, useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import { commentsQuery } from "@/api/queries";
import type { Comment, Task } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { barTo } from "@/rules";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import { Complaint, Failed, LoadingRows } from "@/ui/states";
import { Ago } from "@/ui/time";

const Markdown = lazy(() => import("@/content/markdown"));

export function Comments({ task }: { task: Task }) {
  const me = useMe();
  const comments = useQuery(commentsQuery(task.id));
  const [body, setBody] = useState("");
  const cache = useQueryClient();
  const add = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/task/{id}/comment", {
          params: { path: { id: task.id } },
          headers: { "Idempotency-Key": idempotencyKey() },
          body: { body },
        }),
      ),
    onSuccess: () => {
      setBody("");
      cache.invalidateQueries({ queryKey: commentsQuery(task.id).queryKey });
    },
  });
  if (comments.isPending) return <LoadingRows label="Comments" rows={3} />;
  if (comments.isError && comments.data === undefined) {
    return <Failed error={comments.error} what="The comments" onRetry={() => comments.refetch()} />;
  }
  const bar = barTo(me, "task.comment") ?? (body.trim() === "" ? "Write something first." : null);
  function send(event: FormEvent | KeyboardEvent) {
    event.preventDefault();
    if (bar === null && !add.isPending) add.mutate();
  }
  return (
    <div className="comments">
      {comments.data.length === 0 ? <p className="quiet">Nobody has said anything yet.</p> : null}
      <ol className="comments__list">
        {comments.data.map((comment) => (
          <li key={comment.id}>
            <CommentView comment={comment} />
          </li>
        ))}
      </ol>
      <form className="comments__form" onSubmit={send}>
        <textarea
          className="textarea"
          rows={3}
          aria-label="Comment"
          placeholder="A comment for other reviewers and the agent. Markdown."
          maxLength={10_000}
          value={body}
          onChange={(event) => setBody(event.target.value)}
          onKeyDown={(event) => {
            // Here the chord sends the comment; it must not reach the decision.
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.stopPropagation();
            event.nativeEvent.stopImmediatePropagation();
            send(event);
          }}
        />
        <Complaint error={add.error} />
        <Button type="submit" bar={bar} busy={add.isPending} keys="mod+enter">
          Comment
        </Button>
      </form>
    </div>
  );
}

function CommentView({ comment }: { comment: Comment }) {
  return (
    <article className="comment">
      <header className="comment__head">
        <Icon name={comment.author.kind === "member" ? "person" : "agent"} size={13} />
        <strong>
          <SafeText text={comment.author.name ?? comment.author.kind} />
        </strong>
        <span className="quiet">
          <Ago at={comment.created_at} />
        </span>
      </header>
      <Suspense fallback={<SafeText text={comment.body} block />}>
        <Markdown text={comment.body} />
      </Suspense>
    </article>
  );
}
