// The names by which the console knows the API's types, generated from its description.
import type { components } from "./schema.gen";

type S = components["schemas"];

/**
 * A reply as it arrives. The description marks what may be null as optional too; the API's promise is that such a member is
 * null and never missing.
 */
export type Reply<T> = T extends (infer Item)[]
  ? Reply<Item>[]
  : T extends object
    ? { [Name in keyof T]-?: Reply<Exclude<T[Name], undefined>> }
    : T;

export type JsonObject = { [name: string]: unknown };
export type Problem = Reply<S["Problem"]>;
export type Member = Reply<S["Member"]>;
/** Who is logged in: the console is for people. */
export type Me = Omit<Reply<S["Me"]>, "member"> & { member: Member };
export type Role = S["Role"];
export type Task = Reply<S["Task"]>;
export type TaskState = S["TaskState"];
export type Priority = S["Priority"];
export type Choice = Reply<S["Choice"]>;
export type Lease = Reply<S["Lease"]>;
export type Claim = Reply<S["Claim"]>;
export type Outcome = Reply<S["Outcome"]>;
export type Comment = Reply<S["Comment"]>;
export type Queue = Reply<S["Queue"]>;
export type QueueChange = S["ChangeQueue"];
export type ReviewOption = Reply<S["ReviewOption"]>;
export type ReviewType = S["ReviewType"];
export type Scale = Reply<S["Scale"]>;
export type FeedbackRequired = S["FeedbackRequired"];
export type Assignment = S["Assignment"];
export type Review = Reply<S["Review"]>;
export type ReviewBody = S["SubmitReview"];
export type Event = Reply<S["Event"]>;
export type Session = Reply<S["Session"]>;
export type Token = Reply<S["Token"]>;
export type Key = Reply<S["Key"]>;
export type Scope = S["Scope"];
export type Invitation = Reply<S["Invitation"]>;

export type Stage = Reply<S["Stage"]>;
export type Rule = Reply<S["Rule"]>;
export type Follow = S["Follow"];
export type Routing = Reply<S["Routing"]>;
export type Sla = Reply<S["Sla"]>;
export type MetricKind = S["MetricKind"];
export type Targets = Reply<S["Targets"]>;
export type OnDeadline = S["OnDeadline"];
export type SlaClock = Reply<S["SlaClock"]>;
export type SlaSimulation = Reply<S["SlaSimulation"]>;
export type Escalation = Reply<S["Escalation"]>;
export type EscalationStep = Reply<S["EscalationStep"]>;
export type EscalationAction = Reply<S["EscalationAction"]>;
export type EscalationTarget = S["EscalationTarget"];
export type PlannedStep = Reply<S["PlannedStep"]>;
export type Offer = Reply<S["Offer"]>;
export type Presence = S["Presence"];
export type Availability = Reply<S["Availability"]>;
export type Strategy = S["Strategy"];
export type Filter = S["Filter"];
export type Explanation = Reply<S["Explanation"]>;
export type Candidate = Reply<S["Candidate"]>;
export type Absence = Reply<S["Absence"]>;
export type OpenWork = S["OpenWork"];
export type Delegation = Reply<S["Delegation"]>;
export type DelegationMode = S["DelegationMode"];
export type Uncovered = Reply<S["Uncovered"]>;
