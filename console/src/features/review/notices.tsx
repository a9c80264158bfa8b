// What a reviewer must know before deciding: the task changed, it is held by another, the hold is about to end.
import type { Task } from "@/api/types";
import { useMe } from "@/features/shell/me";
import { barOfRefusal, heldByOther } from "@/rules";
import { Button } from "@/ui/button";
import { Note } from "@/ui/states";
import type { Hold } from "./lease";

interface Props {
  task: Task;
  latest: Task;
  hold: Hold;
  revised: boolean;
  onShowRevision(): void;
}

export function Notices({ task, latest, hold, revised, onShowRevision }: Props) {
  const me = useMe();
  if (task.state !== "queued") return null;
  return (
    <>
      {revised ? (
        <Note
          kind="warn"
          action={
            <Button size="small" onClick={onShowRevision}>
              Show revision {latest.revision}
            </Button>
          }
        >
          The agent has revised this task. You are looking at revision {task.revision}, which can no longer be decided.
        </Note>
      ) : null}
      {heldByOther(me, task) && task.wanted <= 1 ? (
        <Note
          kind="info"
          action={
            <Button size="small" onClick={hold.take}>
              Take it if it is free
            </Button>
          }
        >
          {task.lease?.member_name} is reviewing this task now. You can read along; what you enter is kept.
        </Note>
      ) : hold.problem !== null && barOfRefusal(hold.problem.code) === null ? (
        <Note
          kind="warn"
          action={
            <Button size="small" onClick={hold.take}>
              Take it again
            </Button>
          }
        >
          {hold.problem.message} What you entered is kept.
        </Note>
      ) : hold.ending !== null ? (
        <Note
          kind="warn"
          action={
            <Button size="small" onClick={hold.take}>
              {hold.ending === 0 ? "Take it again" : "Keep it"}
            </Button>
          }
        >
          {hold.ending === 0
            ? "Your hold on this task has ended. Another reviewer may take it."
            : `Your hold on this task ends in ${Math.ceil(hold.ending / 1000)} seconds.`}
        </Note>
      ) : null}
    </>
  );
}
