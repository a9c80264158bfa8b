/** What `@signoff/sdk` offers. Start at `Signoff`. */

export type { BatchResource } from './batch.js';
export { Signoff } from './client.js';
export {
  AuthenticationError,
  ConflictError,
  type ErrorDetails,
  ExternalIdReusedError,
  ForbiddenError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  ServerError,
  SignoffError,
  TaskCancelledError,
  TaskExpiredError,
  TimeoutError,
  ValidationError,
} from './errors.js';
export type {
  BatchTaskInput,
  JsonObject,
  PageFilter,
  ReviewFilter,
  ReviseInput,
  SubmitBatchInput,
  SubmitInput,
  TaskChoiceInput,
  TaskFilter,
} from './input.js';
export type { List, Page } from './list.js';
export type { QueueResource } from './queue.js';
export type { ReviewResource } from './review.js';
export type * from './schema.js';
export type { RetryNotice, SignoffOptions } from './settings.js';
export type { ReviewedTask, ReviseOptions, TaskResource } from './task.js';
export type { RequestOptions, WriteOptions } from './transport.js';
export { VERSION } from './version.js';
export type { WaitOptions } from './wait.js';
