// What an agent submitted, as data: the content that is decided about, the candidates, and the background.
import type { Task } from "@/api/types";
import { Fields, type View } from "@/content/fields";
import { SafeText } from "@/content/safe-text";

interface Props {
  task: Pick<Task, "data" | "context" | "metadata" | "choices">;
  view: View;
  /** While the content is edited elsewhere, only the background is shown here. */
  only?: "everything" | "background";
}

export function TaskContent({ task, view, only = "everything" }: Props) {
  return (
    <>
      {only === "everything" ? (
        <section className="block block--main">
          <Fields value={task.data} view={view} label="Content" />
        </section>
      ) : null}
      {(task.choices ?? []).map((choice) =>
        choice.data ? (
          <section key={choice.key} className="block">
            <h2 className="block__title">
              <SafeText text={choice.label} />
            </h2>
            <Fields value={choice.data} view={view} label={`Candidate ${choice.label}`} />
          </section>
        ) : null,
      )}
      <Background title="Context" value={task.context} view={view} />
      <Background title="Metadata" value={task.metadata} view={view} />
    </>
  );
}

function Background({ title, value, view }: { title: string; value: { [name: string]: unknown }; view: View }) {
  if (Object.keys(value).length === 0) return null;
  return (
    <section className="block">
      <h2 className="block__title">{title}</h2>
      <Fields value={value} view={view} label={title} />
    </section>
  );
}

const VIEWS: { view: View; label: string }[] = [
  { view: "text", label: "Text" },
  { view: "markdown", label: "Markdown" },
  { view: "json", label: "JSON" },
];

export function ViewSwitch({ view, onView }: { view: View; onView(view: View): void }) {
  return (
    <div className="segments" role="group" aria-label="Show the content as">
      {VIEWS.map((each) => (
        <button
          key={each.view}
          type="button"
          className="segment"
          aria-pressed={each.view === view}
          onClick={() => onView(each.view)}
        >
          {each.label}
        </button>
      ))}
    </div>
  );
}
