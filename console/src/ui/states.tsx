// What stands where content is missing: while it loads, when there is none, when it could not be had.
import { type ReactNode, useEffect, useState } from "react";
import { asApiError } from "@/api/problem";
import { Button } from "./button";
import { Icon, type IconName } from "./icon";

/** Rows in the place of a list that is on its way. Shown only after a moment: most answers come sooner. */
export function LoadingRows({ rows = 6, label }: { rows?: number; label: string }) {
  const late = useLate(150);
  return (
    <div className="loading" role="status" aria-label={label}>
      {late ? Array.from({ length: rows }, (_, index) => <div key={index} className="loading__row" />) : null}
    </div>
  );
}

function useLate(milliseconds: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return late;
}

interface EmptyProps {
  icon: IconName;
  title: string;
  /** "page" when nothing else on the screen has the first heading. */
  heading?: "page" | "part";
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ icon, title, heading = "part", children, action }: EmptyProps) {
  return (
    <div className="empty">
      <div className="empty__icon">
        <Icon name={icon} size={22} />
      </div>
      {heading === "page" ? <h1 className="empty__title">{title}</h1> : <h2 className="empty__title">{title}</h2>}
      {children === undefined ? null : <div className="empty__text">{children}</div>}
      {action}
    </div>
  );
}

/** An error in the place of what could not be loaded. */
export function Failed({ error, onRetry, what }: { error: unknown; onRetry(): void; what: string }) {
  const problem = asApiError(error);
  return (
    <div className="empty" role="alert">
      <div className="empty__icon empty__icon--bad">
        <Icon name="warning" size={22} />
      </div>
      <h2 className="empty__title">
        {problem.status === 404 ? `${what} does not exist` : `${what} could not be loaded`}
      </h2>
      <div className="empty__text">
        {problem.message}
        {problem.hint === null ? null : <> {problem.hint}</>}
        {problem.requestId === null ? null : <div className="empty__id">{problem.requestId}</div>}
      </div>
      {problem.status === 404 ? null : <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** An error beside the form or button that met it. */
export function Complaint({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const problem = asApiError(error);
  const places = Object.entries(problem.errors).filter(([, sentences]) => sentences.join(" ") !== problem.message);
  return (
    <div className="note note--bad" role="alert">
      <Icon name="warning" />
      <div>
        <div>
          {problem.message}
          {problem.hint === null ? null : <> {problem.hint}</>}
        </div>
        {places.length === 0 ? null : (
          <ul className="note__list">
            {places.map(([pointer, sentences]) => (
              <li key={pointer}>
                <code>{pointer === "" ? "/" : pointer}</code> {sentences.join(" ")}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

export function Note({
  kind = "info",
  children,
  action,
}: {
  kind?: "info" | "warn" | "bad" | "good";
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={`note note--${kind}`} role="status">
      <Icon name={kind === "good" ? "done" : kind === "info" ? "clock" : "warning"} />
      <div className="note__text">{children}</div>
      {action}
    </div>
  );
}
