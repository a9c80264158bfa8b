-- A tenant.
CREATE TABLE organizations (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL
);

-- People with a login.
CREATE TABLE members (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    state text NOT NULL,
    password_hash text,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz
);
CREATE UNIQUE INDEX members_email ON members (organization_id, email);
CREATE INDEX members_by_email ON members (email);
CREATE INDEX members_list ON members (organization_id, created_at, id);

-- Invitations to become a member; the secret is in the link only.
CREATE TABLE invitations (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    email text NOT NULL,
    role text NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX invitations_secret ON invitations (secret_hash);
CREATE INDEX invitations_list ON invitations (organization_id, created_at, id);

-- One-time links that log a member in.
CREATE TABLE login_links (
    secret_hash bytea NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    member_id uuid NOT NULL REFERENCES members (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX login_links_member ON login_links (member_id) WHERE used_at IS NULL;

-- Logins that were tried for an address, whether or not a member has it; the address is kept as its SHA-256.
CREATE TABLE login_attempts (
    address_hash bytea NOT NULL PRIMARY KEY,
    tries bigint NOT NULL,
    since timestamptz NOT NULL
);

-- Console sessions.
CREATE TABLE sessions (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    member_id uuid NOT NULL REFERENCES members (id),
    secret_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    user_agent text,
    address text
);
CREATE UNIQUE INDEX sessions_secret ON sessions (secret_hash);
CREATE INDEX sessions_member ON sessions (member_id, created_at, id);

-- Personal access tokens.
CREATE TABLE access_tokens (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    member_id uuid NOT NULL REFERENCES members (id),
    name text NOT NULL,
    shown text NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX access_tokens_secret ON access_tokens (secret_hash);
CREATE INDEX access_tokens_member ON access_tokens (member_id, created_at, id);

-- API keys of agents.
CREATE TABLE api_keys (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL,
    mode text NOT NULL,
    shown text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text NOT NULL,
    queue_keys text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX api_keys_secret ON api_keys (secret_hash);
CREATE INDEX api_keys_list ON api_keys (organization_id, created_at, id);

-- Kinds of decision.
CREATE TABLE queues (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    key text NOT NULL,
    version bigint NOT NULL,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX queues_key ON queues (organization_id, key);

-- What a queue was made of at each version. Never changed.
CREATE TABLE queue_versions (
    queue_id uuid NOT NULL REFERENCES queues (id),
    version bigint NOT NULL,
    config text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (queue_id, version)
);

-- Tasks that were submitted together.
CREATE TABLE batches (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    queue_id uuid NOT NULL REFERENCES queues (id),
    items text NOT NULL,
    created_at timestamptz NOT NULL
);

-- Things submitted for decision; their content is in contents.
CREATE TABLE tasks (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL,
    queue_id uuid NOT NULL,
    queue_version bigint NOT NULL,
    batch_id uuid,
    external_id text,
    state text NOT NULL,
    revision bigint NOT NULL,
    stage bigint NOT NULL,
    rank bigint NOT NULL,
    due_at timestamptz NOT NULL,
    deadline timestamptz,
    metadata jsonb NOT NULL,
    summary text,
    max_selections bigint,
    assignee_id uuid,
    created_by text NOT NULL,
    outcome text,
    reviewed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX tasks_external_id ON tasks (queue_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX tasks_turn ON tasks (queue_id, rank, due_at, created_at, id) WHERE state = 'queued';
CREATE INDEX tasks_turn_all ON tasks (organization_id, rank, due_at, created_at, id) WHERE state = 'queued';
CREATE INDEX tasks_list ON tasks (organization_id, created_at, id);
CREATE INDEX tasks_list_queue ON tasks (queue_id, created_at, id);
CREATE INDEX tasks_batch ON tasks (batch_id, state) WHERE batch_id IS NOT NULL;
CREATE INDEX tasks_assignee ON tasks (assignee_id, created_at, id) WHERE assignee_id IS NOT NULL;

-- The content of each revision of a task, apart so that it can be erased.
CREATE TABLE contents (
    task_id uuid NOT NULL REFERENCES tasks (id),
    revision bigint NOT NULL,
    salt bytea NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (task_id, revision)
);

-- Who is to review a task at a stage, and why.
CREATE TABLE assignments (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL,
    task_id uuid NOT NULL REFERENCES tasks (id),
    stage bigint NOT NULL,
    member_id uuid NOT NULL REFERENCES members (id),
    state text NOT NULL,
    reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX assignments_one ON assignments (task_id, stage, member_id);

-- The right to review a task now; one at a time.
CREATE TABLE leases (
    task_id uuid NOT NULL PRIMARY KEY REFERENCES tasks (id),
    id uuid NOT NULL,
    member_id uuid NOT NULL REFERENCES members (id),
    expires_at timestamptz NOT NULL
);

-- Submitted results.
CREATE TABLE reviews (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL,
    task_id uuid NOT NULL REFERENCES tasks (id),
    queue_id uuid NOT NULL,
    stage bigint NOT NULL,
    revision bigint NOT NULL,
    reviewer_id uuid NOT NULL,
    reviewer_name text NOT NULL,
    reviewer_kind text NOT NULL,
    result text NOT NULL,
    value text NOT NULL,
    data text,
    patch text,
    feedback text,
    salt bytea NOT NULL,
    voided_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX reviews_task ON reviews (task_id, created_at, id);
CREATE INDEX reviews_list ON reviews (organization_id, created_at, id);
CREATE INDEX reviews_queue ON reviews (queue_id, created_at, id);
CREATE INDEX reviews_reviewer ON reviews (reviewer_id, created_at, id);
CREATE UNIQUE INDEX reviews_once ON reviews (task_id, stage, revision, reviewer_id) WHERE voided_at IS NULL;

-- What is said beside tasks.
CREATE TABLE comments (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL,
    task_id uuid NOT NULL REFERENCES tasks (id),
    author text NOT NULL,
    body text NOT NULL,
    salt bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX comments_task ON comments (task_id, created_at, id);

-- The event log. The entry's bytes are the hashed bytes.
CREATE TABLE events (
    ord bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL,
    seq bigint,
    event_type text NOT NULL,
    task_id uuid,
    queue_id uuid,
    entry text NOT NULL,
    leaf bytea
);
CREATE UNIQUE INDEX events_seq ON events (organization_id, seq);
CREATE INDEX events_unsealed ON events (organization_id, ord) WHERE seq IS NULL;
CREATE INDEX events_task ON events (task_id, seq) WHERE task_id IS NOT NULL;

-- The size and right edge of each organization's Merkle tree.
CREATE TABLE log_heads (
    organization_id uuid NOT NULL PRIMARY KEY REFERENCES organizations (id),
    size bigint NOT NULL,
    frontier bytea NOT NULL
);

-- Inner nodes of the tree at heights 8, 16, …: what the tiles above the leaves are made of (C2SP tlog-tiles).
CREATE TABLE log_nodes (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    height bigint NOT NULL,
    position bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (organization_id, height, position)
);

-- Signed checkpoints, as they were served.
CREATE TABLE checkpoints (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    size bigint NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, size)
);

-- The keys that sign checkpoints.
CREATE TABLE log_keys (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, created_at)
);

-- Answers to requests that carried an Idempotency-Key.
CREATE TABLE idempotency (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    principal text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    reply text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, principal, key)
);
CREATE INDEX idempotency_expiry ON idempotency (expires_at);
