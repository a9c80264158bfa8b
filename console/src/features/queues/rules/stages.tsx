// The stages of a queue, one after another: condition, who, rule, and what follows.
import type { Queue } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { ACTORS, mostReviews, reviewersWords, ruleOf, ruleWords, stageName, stagesOf, waysOf } from "@/words/workflow";

interface Props {
  queue: Queue;
  nameOf(id: string): string;
}

export function Stages({ queue, nameOf }: Props) {
  const stages = stagesOf(queue);
  const isApproval = queue.review_type === "approval";
  return (
    <section className="card">
      <h2 className="card__title">{stages.length === 1 ? "One stage" : `${stages.length} stages`}</h2>
      <ol className="stages">
        {stages.map((stage, at) => (
          <li key={stage.key} className="stage">
            <h3 className="stage__name">
              <span className="stage__number" aria-hidden="true">
                {at + 1}
              </span>
              <SafeText text={stageName(stage)} />
              {stage.name === null ? null : (
                <code>
                  <SafeText text={stage.key} />
                </code>
              )}
              <span className="badge">{ACTORS[stage.actor]}</span>
            </h3>
            <dl className="terms">
              <dt>When</dt>
              <dd>
                {stage.when === null ? (
                  "Always"
                ) : (
                  <code className="condition">
                    <SafeText text={stage.when} />
                  </code>
                )}
              </dd>
              {stage.actor === "people" ? (
                <>
                  <dt>Rule</dt>
                  <dd>
                    <SafeText text={ruleWords(ruleOf(stage))} />
                    {mostReviews(ruleOf(stage)) > 1
                      ? stage.blind
                        ? " Blind: the others' reviews are shown once one's own is in."
                        : " Reviewers see each other's reviews."
                      : null}
                  </dd>
                  <dt>Who</dt>
                  <dd>
                    <SafeText text={reviewersWords(stage, nameOf)} />
                    {at > 0 && stage.separate ? " Not whoever reviewed an earlier stage." : null}
                  </dd>
                </>
              ) : stage.decide === null ? null : (
                <>
                  <dt>Answer</dt>
                  <dd>
                    <SafeText text={stage.decide.join(", ")} />
                  </dd>
                </>
              )}
              {waysOf(stages, at, isApproval).map((way) => (
                <div key={way.when} className="terms__pair">
                  <dt>{way.when}</dt>
                  <dd>
                    <SafeText text={way.follows} />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ol>
      {queue.otherwise === null ? null : (
        <p className="quiet">
          Where no stage applies: <SafeText text={queue.otherwise.join(", ")} />
        </p>
      )}
    </section>
  );
}
