// The names by which the console knows the API's types.
import type { components } from "./schema";

type S = components["schemas"];

export type JsonObject = { [name: string]: unknown };
export type Problem = S["Problem"];
export type Me = S["Me"];
export type Member = S["Member"];
export type Role = S["Role"];
export type Task = S["Task"];
export type TaskState = S["TaskState"];
export type Priority = S["Priority"];
export type Choice = S["Choice"];
export type Lease = S["Lease"];
export type Claim = S["Claim"];
export type Outcome = S["Outcome"];
export type Comment = S["Comment"];
export type Queue = S["Queue"];
export type QueueChange = S["QueueChange"];
export type ReviewOption = S["ReviewOption"];
export type ReviewType = S["ReviewType"];
export type Scale = S["Scale"];
export type FeedbackRequired = S["FeedbackRequired"];
export type Review = S["Review"];
export type ReviewBody = S["ReviewBody"];
export type Event = S["Event"];
export type Session = S["Session"];
export type Token = S["Token"];
export type Key = S["Key"];
export type Invitation = S["Invitation"];
