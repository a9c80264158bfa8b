// The types of docs/api.md in the shape that openapi-typescript writes, written by hand.

type JsonObject = { [name: string]: unknown };

type Query<Q> = { query?: Q; header?: never; path?: never; cookie?: never };
type Path<P, Q = never> = { query?: Q; header?: never; path: P; cookie?: never };
type None = { query?: never; header?: never; path?: never; cookie?: never };
type Answer<T> = { 200: { headers: Record<string, string>; content: { "application/json": T } } };
type Empty = { 204: { headers: Record<string, string>; content?: never } };
type Body<B> = { content: { "application/json": B } };

type Get<Parameters, T> = { parameters: Parameters; requestBody?: never; responses: Answer<T> };
type Send<Parameters, B, T> = { parameters: Parameters; requestBody: Body<B>; responses: Answer<T> };
type Bare<Parameters, T> = { parameters: Parameters; requestBody?: never; responses: Answer<T> };
type Done<Parameters> = { parameters: Parameters; requestBody?: never; responses: Empty };
type SendDone<Parameters, B> = { parameters: Parameters; requestBody: Body<B>; responses: Empty };

type Page = { limit?: number; cursor?: string };

export interface components {
  schemas: {
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string | null;
      code: string;
      message: string;
      hint: string | null;
      errors: { [pointer: string]: string[] } | null;
      entityId: string | null;
      retryAfter: number | null;
      request_id: string | null;
    };
    Member: {
      id: string;
      email: string;
      name: string;
      role: components["schemas"]["Role"];
      state: "active" | "disabled";
      created_at: string;
      last_seen_at: string | null;
    };
    Role: "owner" | "admin" | "reviewer" | "auditor";
    Organization: { id: string; name: string; created_at: string };
    Me: {
      kind: "member" | "agent";
      member: components["schemas"]["Member"];
      has_password: boolean;
      organization: { id: string; name: string };
      permissions: string[];
    };
    Actor: { kind: string; id: string | null; name: string | null };
    Choice: { key: string; label: string; description: string | null; data: JsonObject | null };
    Lease: { id: string; member_id: string; member_name: string; expires_at: string };
    Claim: { lease: components["schemas"]["Lease"]; task: components["schemas"]["Task"] };
    Outcome: {
      kind: "decided" | "cancelled" | "expired";
      result: string[];
      value: unknown;
      data: JsonObject | null;
      rule: string | null;
      at: string;
      reason: string | null;
    };
    TaskState: "pending" | "queued" | "reviewed" | "cancelled" | "expired";
    Priority: "low" | "normal" | "high" | "urgent";
    Task: {
      id: string;
      organization_id: string;
      queue_id: string;
      queue_key: string;
      queue_version: number;
      batch_id: string | null;
      external_id: string | null;
      state: components["schemas"]["TaskState"];
      revision: number;
      priority: components["schemas"]["Priority"];
      data: JsonObject;
      context: JsonObject;
      metadata: JsonObject;
      choices: components["schemas"]["Choice"][] | null;
      max_selections: number | null;
      summary: string | null;
      sla_deadline: string | null;
      assignee_id: string | null;
      created_by: components["schemas"]["Actor"];
      outcome: components["schemas"]["Outcome"] | null;
      reviewed_at: string | null;
      created_at: string;
      updated_at: string;
      queue: components["schemas"]["Queue"] | null;
      reviews: components["schemas"]["Review"][] | null;
      lease: components["schemas"]["Lease"] | null;
    };
    Comment: { id: string; task_id: string; body: string; author: components["schemas"]["Actor"]; created_at: string };
    ReviewOption: {
      id: string;
      label: string;
      display_order: number;
      description: string | null;
      color: string | null;
      hotkey: string | null;
    };
    Scale: { min: number; max: number; step: number; min_label: string | null; max_label: string | null };
    ReviewType: "approval" | "classification" | "labeling" | "scoring" | "multiple_choice" | "augmentation";
    FeedbackRequired: "never" | "always" | "when_empty" | "when_rejected";
    Queue: {
      id: string;
      organization_id: string;
      key: string;
      version: number;
      name: string;
      description: string | null;
      timing: "before" | "after";
      review_type: components["schemas"]["ReviewType"];
      review_options: components["schemas"]["ReviewOption"][];
      max_selections: number | null;
      result_required: boolean;
      feedback_required: components["schemas"]["FeedbackRequired"];
      assignment: string;
      sla_minutes: number | null;
      scale: components["schemas"]["Scale"] | null;
      allow_edits: boolean;
      data_schema: JsonObject | null;
      edit_schema: JsonObject | null;
      instructions: string | null;
      summary_template: string | null;
      reviewer_ids: string[] | null;
      open_count: number | null;
      deleted_at: string | null;
      created_at: string;
      updated_at: string;
    };
    Review: {
      id: string;
      task_id: string;
      queue_id: string | null;
      queue_key: string;
      stage: number;
      revision: number;
      reviewer_id: string | null;
      reviewer: { id: string; name: string; type: "ai" | "human" | "policy" } | null;
      result: string[];
      value: unknown;
      data: JsonObject;
      patch: { op: string; path: string; from?: string; value?: unknown }[] | null;
      feedback: string | null;
      voided_at: string | null;
      created_at: string;
    };
    Event: {
      seq: number;
      id: string;
      type: string;
      at: string;
      task_id: string | null;
      queue_id: string | null;
      queue_key: string | null;
      actor: components["schemas"]["Actor"] & { method: string | null; channel: string | null };
      revision: number | null;
      detail: JsonObject;
    };
    Session: {
      id: string;
      current: boolean;
      created_at: string;
      last_seen_at: string | null;
      expires_at: string;
      user_agent: string | null;
      address: string | null;
    };
    Token: {
      id: string;
      name: string;
      prefix: string;
      expires_at: string | null;
      last_used_at: string | null;
      created_at: string;
      revoked_at: string | null;
    };
    Key: components["schemas"]["Token"] & { scopes: string[]; queue_keys: string[] | null; mode: "live" | "test" };
    Invitation: {
      id: string;
      email: string;
      role: components["schemas"]["Role"];
      expires_at: string;
      created_at: string;
      accepted_at: string | null;
    };
    QueueChange: Partial<
      Omit<
        components["schemas"]["Queue"],
        "id" | "organization_id" | "version" | "open_count" | "deleted_at" | "created_at" | "updated_at"
      >
    >;
    ReviewBody: {
      result?: string[];
      value?: unknown;
      data?: JsonObject;
      feedback?: string;
      lease_id?: string;
    };
  };
}

type S = components["schemas"];
type Id = { id: string };
type TaskFilter = Page & {
  queue_key?: string;
  state?: S["TaskState"][];
  external_id?: string;
  assignee_id?: string;
  order?: "created_desc" | "turn";
};

export interface paths {
  "/v1/task": { get: Get<Query<TaskFilter>, S["Task"][]> };
  "/v1/task/next": { post: Send<None, { queue_key?: string }, S["Claim"] | undefined> };
  "/v1/task/{id}": { get: Get<Path<Id>, S["Task"]> };
  "/v1/task/{id}/claim": { post: Bare<Path<Id>, S["Claim"]> };
  "/v1/task/{id}/renew": { post: Send<Path<Id>, { lease_id: string }, S["Lease"]> };
  "/v1/task/{id}/release": { post: SendDone<Path<Id>, { lease_id: string }> };
  "/v1/task/{id}/skip": { post: SendDone<Path<Id>, { reason: string; lease_id?: string }> };
  "/v1/task/{id}/review": {
    post: {
      parameters: { path: Id; header: { "If-Match": string }; query?: never; cookie?: never };
      requestBody: Body<S["ReviewBody"]>;
      responses: Answer<S["Review"]>;
    };
  };
  "/v1/task/{id}/cancel": { post: Send<Path<Id>, { reason?: string }, S["Task"]> };
  "/v1/task/{id}/reopen": { post: Send<Path<Id>, { reason: string }, S["Task"]> };
  "/v1/task/{id}/assign": { post: Send<Path<Id>, { assignee_id: string | null }, S["Task"]> };
  "/v1/task/{id}/comment": {
    get: Get<Path<Id, Page>, S["Comment"][]>;
    post: Send<Path<Id>, { body: string }, S["Comment"]>;
  };
  "/v1/task/{id}/event": { get: Get<Path<Id, Page>, S["Event"][]> };
  "/v1/queue": { get: Get<Query<Page>, S["Queue"][]>; post: Send<None, S["QueueChange"], S["Queue"]> };
  "/v1/queue/{queue}": {
    get: Get<Path<{ queue: string }>, S["Queue"]>;
    patch: Send<Path<{ queue: string }>, S["QueueChange"], S["Queue"]>;
    delete: Done<Path<{ queue: string }>>;
  };
  "/v1/login": { post: Send<None, { email: string; password: string }, S["Me"]> };
  "/v1/login/link": { post: Send<None, { token: string }, S["Me"]> };
  "/v1/logout": { post: Done<None> };
  "/v1/me": {
    get: Get<None, S["Me"]>;
    patch: Send<None, { name?: string; email?: string; password?: string; current_password?: string }, S["Me"]>;
  };
  "/v1/session": { get: Get<Query<Page>, S["Session"][]> };
  "/v1/session/{id}": { delete: Done<Path<Id>> };
  "/v1/token": {
    get: Get<Query<Page>, S["Token"][]>;
    post: Send<None, { name: string; expires_in_days?: number }, S["Token"] & { token: string }>;
  };
  "/v1/token/{id}": { delete: Done<Path<Id>> };
  "/v1/key": {
    get: Get<Query<Page>, S["Key"][]>;
    post: Send<
      None,
      { name: string; scopes?: string[]; queue_keys?: string[]; mode?: "live" | "test"; expires_in_days?: number },
      S["Key"] & { key: string }
    >;
  };
  "/v1/key/{id}": { delete: Done<Path<Id>> };
  "/v1/member": { get: Get<Query<Page>, S["Member"][]> };
  "/v1/member/{id}": {
    patch: Send<Path<Id>, { name?: string; role?: S["Role"]; state?: "active" | "disabled" }, S["Member"]>;
  };
  "/v1/invitation": {
    get: Get<Query<Page>, S["Invitation"][]>;
    post: Send<None, { email: string; role: S["Role"] }, S["Invitation"] & { link: string }>;
  };
  "/v1/invitation/{id}": { delete: Done<Path<Id>> };
  "/v1/invitation/accept": { post: Send<None, { token: string; name: string; password: string }, S["Me"]> };
}
