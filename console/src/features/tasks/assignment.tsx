// Why a task went to whom, or to nobody: what was decided last, what would be decided now, and how everybody stands to it.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { explainQuery } from "@/api/operations";
import type { Candidate, Explanation } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { barTo } from "@/rules";
import { Failed, LoadingRows } from "@/ui/states";
import { Ago } from "@/ui/time";
import { byFilter, droppedWords, mineWords, resultWords, stepsOf, strategyWords } from "@/words/assignment";
import { list } from "@/words/workflow";
import { useNames } from "./names";
import "./assignment.css";

export function AssignmentAccount({ taskId }: { taskId: string }) {
  const me = useMe();
  const bar = barTo(me, "task.explain");
  const account = useQuery({ ...explainQuery(taskId), enabled: bar === null });
  const nameOf = useNames(account.data?.would_choose != null);
  if (bar !== null) return <p className="quiet">{bar}</p>;
  if (account.isPending) return <LoadingRows label="Assignment" rows={4} />;
  if (account.isError && account.data === undefined) {
    return <Failed error={account.error} what="The account" onRetry={() => account.refetch()} />;
  }
  const { last, now, would_choose, members } = account.data;
  const mine = members.find((member) => member.member_id === me.member.id);
  // The account names nobody: who has the task now is who was found, or was named since.
  const holders = members.filter((member) => member.stopped_by === "holds").map((member) => member.name);
  const eligible = members.filter((member) => member.stopped_by === null).length;
  return (
    <div className="account-of">
      {mine === undefined ? null : <p className="account-of__me">{mineWords(mine.stopped_by)}</p>}
      {now === null ? (
        <p className="quiet">The task is not open: nobody is looked for.</p>
      ) : (
        <Account
          title="If it were decided now"
          explanation={now}
          chosen={would_choose === null ? null : nameOf(would_choose)}
        />
      )}
      {last === null ? (
        <p className="quiet">Nobody was looked for at this stage yet.</p>
      ) : (
        <Account
          title={
            <>
              When it was last decided, <Ago at={last.at} />
            </>
          }
          explanation={last.explanation}
          chosen={holders.length === 0 ? null : list(holders)}
        />
      )}
      {members.length === 0 ? null : (
        <section className="block">
          <h2 className="block__title">
            Everybody, one by one: {eligible} of {members.length} may be given it
          </h2>
          <ul className="standings">
            {byFilter(members).map((member) => (
              <Member key={member.member_id} member={member} isMe={member.member_id === me.member.id} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

interface AccountProps {
  title: ReactNode;
  explanation: Explanation;
  chosen: string | null;
}

function Account({ title, explanation, chosen }: AccountProps) {
  const dropped = droppedWords(explanation.dropped_skills);
  return (
    <section className="block">
      <h2 className="block__title">{title}</h2>
      <p className="account-of__result">
        <SafeText text={resultWords(explanation, chosen)} />
      </p>
      <p className="quiet">
        {strategyWords(explanation.strategy)} {dropped === null ? null : <SafeText text={dropped} />}
      </p>
      <ol className="steps" aria-label="Candidates left at each filter">
        <li className="steps__step">
          <span className="steps__left">{explanation.candidates}</span>
          <span>{explanation.candidates === 1 ? "member" : "members"}, of whom</span>
        </li>
        {stepsOf(explanation).map((step) => (
          <li key={step.filter} className={step.out === 0 ? "steps__step" : "steps__step steps__step--out"}>
            <span className="steps__left">{step.left}</span>
            <span>
              {step.words}
              {step.out === 0 ? null : <span className="steps__out"> ({step.out} not)</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Member({ member, isMe }: { member: Candidate; isMe: boolean }) {
  return (
    <li className="standings__line">
      <strong>
        <SafeText text={member.name} />
        {isMe ? <span className="quiet"> (you)</span> : null}
      </strong>
      <span className={member.stopped_by === null ? "standings__yes" : "standings__no"}>
        <SafeText text={member.why ?? "May be given it."} />
      </span>
    </li>
  );
}
