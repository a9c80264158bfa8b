// Nothing is left: what was done on this visit, and where to go.
import { Link } from "@tanstack/react-router";
import type { Queue } from "@/api/types";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/states";
import type { Tally } from "./workspace";

interface Props {
  tally: Tally;
  queue: Queue | undefined;
  /** Tasks that are open but cannot be had: others hold them. */
  waiting: number;
  onRetry(): void;
}

export function End({ tally, queue, waiting, onRetry }: Props) {
  const skipped = tally.skipped.size;
  return (
    <div className="end">
      <Empty
        icon="done"
        heading="page"
        title={tally.decided === 0 && skipped === 0 ? "Nothing waits for you" : "That was all"}
        action={
          <div className="end__actions">
            {queue === undefined ? null : (
              <Link to="/review" search={{}} className="button button--plain button--normal">
                Go on with my other queues
              </Link>
            )}
            <Link to="/" className="button button--plain button--normal">
              To my turn
            </Link>
            <Button onClick={onRetry}>Look again</Button>
          </div>
        }
      >
        {tally.decided === 0 && skipped === 0
          ? queue === undefined
            ? "No open task in your queues is free."
            : `No open task in ${queue.name} is free.`
          : `You decided ${tally.decided}${skipped === 0 ? "" : ` and skipped ${skipped}`}.`}
        {waiting === 0 ? null : ` ${waiting} ${waiting === 1 ? "is" : "are"} with other reviewers or left to them.`}
      </Empty>
    </div>
  );
}
