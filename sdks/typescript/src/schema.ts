/**
 * What the server answers, member for member as on the wire, under the names of the OpenAPI description. Members that
 * a reply may leave empty are `null`, never missing.
 */

import type { components } from './schema.gen.js';

type Schemas = components['schemas'];

export type Actor = Schemas['Actor'];
export type Batch = Schemas['Batch'];
export type BatchItem = Schemas['BatchItem'];
export type Choice = Schemas['Choice'];
export type Comment = Schemas['Comment'];
export type ItemProblem = Schemas['ItemProblem'];
export type Lease = Schemas['Lease'];
export type Outcome = Schemas['Outcome'];
export type Priority = Schemas['Priority'];
export type Problem = Schemas['Problem'];
export type Queue = Schemas['Queue'];
export type Review = Schemas['Review'];
export type ReviewOption = Schemas['ReviewOption'];
export type ReviewType = Schemas['ReviewType'];
export type ReviewValue = Schemas['ReviewValue'];
export type Reviewer = Schemas['Reviewer'];
export type Scale = Schemas['Scale'];
export type Task = Schemas['Task'];
export type TaskState = Schemas['TaskState'];
export type Timing = Schemas['Timing'];
