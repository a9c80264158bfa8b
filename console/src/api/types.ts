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
