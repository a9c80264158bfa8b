-- A tenant.
CREATE TABLE organizations (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- People with a login.
CREATE TABLE members (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX members_email ON members (organization_id, email);
CREATE INDEX members_by_email ON members (email);
CREATE INDEX members_list ON members (organization_id, created_at, id);

-- Invitations to become a member; the secret is in the link only.
CREATE TABLE invitations (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX invitations_secret ON invitations (secret_hash);
CREATE INDEX invitations_list ON invitations (organization_id, created_at, id);

-- One-time links that log a member in.
CREATE TABLE login_links (
    secret_hash BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    member_id BLOB NOT NULL REFERENCES members (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX login_links_member ON login_links (member_id) WHERE used_at IS NULL;

-- Logins that were tried for an address, whether or not a member has it; the address is kept as its SHA-256.
CREATE TABLE login_attempts (
    address_hash BLOB NOT NULL PRIMARY KEY,
    tries INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Console sessions.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    member_id BLOB NOT NULL REFERENCES members (id),
    secret_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    user_agent TEXT,
    address TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_secret ON sessions (secret_hash);
CREATE INDEX sessions_member ON sessions (member_id, created_at, id);

-- Personal access tokens.
CREATE TABLE access_tokens (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    member_id BLOB NOT NULL REFERENCES members (id),
    name TEXT NOT NULL,
    shown TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX access_tokens_secret ON access_tokens (secret_hash);
CREATE INDEX access_tokens_member ON access_tokens (member_id, created_at, id);

-- API keys of agents.
CREATE TABLE api_keys (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    mode TEXT NOT NULL,
    shown TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    queue_keys TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_keys_secret ON api_keys (secret_hash);
CREATE INDEX api_keys_list ON api_keys (organization_id, created_at, id);

-- Kinds of decision.
CREATE TABLE queues (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    deleted_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX queues_key ON queues (organization_id, key);

-- What a queue was made of at each version. Never changed.
CREATE TABLE queue_versions (
    queue_id BLOB NOT NULL REFERENCES queues (id),
    version INTEGER NOT NULL,
    config TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (queue_id, version)
) STRICT;

-- Tasks that were submitted together.
CREATE TABLE batches (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    queue_id BLOB NOT NULL REFERENCES queues (id),
    items TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Things submitted for decision; their content is in contents.
CREATE TABLE tasks (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL,
    queue_id BLOB NOT NULL,
    queue_version INTEGER NOT NULL,
    batch_id BLOB,
    external_id TEXT,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    deadline INTEGER,
    metadata TEXT NOT NULL,
    summary TEXT,
    max_selections INTEGER,
    assignee_id BLOB,
    created_by TEXT NOT NULL,
    outcome TEXT,
    reviewed_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tasks_external_id ON tasks (queue_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX tasks_turn ON tasks (queue_id, rank, due_at, created_at, id) WHERE state = 'queued';
CREATE INDEX tasks_turn_all ON tasks (organization_id, rank, due_at, created_at, id) WHERE state = 'queued';
CREATE INDEX tasks_list ON tasks (organization_id, created_at, id);
CREATE INDEX tasks_list_queue ON tasks (queue_id, created_at, id);
CREATE INDEX tasks_batch ON tasks (batch_id, state) WHERE batch_id IS NOT NULL;
CREATE INDEX tasks_assignee ON tasks (assignee_id, created_at, id) WHERE assignee_id IS NOT NULL;

-- The content of each revision of a task, apart so that it can be erased.
CREATE TABLE contents (
    task_id BLOB NOT NULL REFERENCES tasks (id),
    revision INTEGER NOT NULL,
    salt BLOB NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (task_id, revision)
) STRICT;

-- Who is to review a task at a stage, and why.
CREATE TABLE assignments (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL,
    task_id BLOB NOT NULL REFERENCES tasks (id),
    stage INTEGER NOT NULL,
    member_id BLOB NOT NULL REFERENCES members (id),
    state TEXT NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX assignments_one ON assignments (task_id, stage, member_id);

-- The right to review a task now; one at a time.
CREATE TABLE leases (
    task_id BLOB NOT NULL PRIMARY KEY REFERENCES tasks (id),
    id BLOB NOT NULL,
    member_id BLOB NOT NULL REFERENCES members (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Submitted results.
CREATE TABLE reviews (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL,
    task_id BLOB NOT NULL REFERENCES tasks (id),
    queue_id BLOB NOT NULL,
    stage INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    reviewer_id BLOB NOT NULL,
    reviewer_name TEXT NOT NULL,
    reviewer_kind TEXT NOT NULL,
    result TEXT NOT NULL,
    value TEXT NOT NULL,
    data TEXT,
    patch TEXT,
    feedback TEXT,
    salt BLOB NOT NULL,
    voided_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX reviews_task ON reviews (task_id, created_at, id);
CREATE INDEX reviews_list ON reviews (organization_id, created_at, id);
CREATE INDEX reviews_queue ON reviews (queue_id, created_at, id);
CREATE INDEX reviews_reviewer ON reviews (reviewer_id, created_at, id);
CREATE UNIQUE INDEX reviews_once ON reviews (task_id, stage, revision, reviewer_id) WHERE voided_at IS NULL;

-- What is said beside tasks.
CREATE TABLE comments (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL,
    task_id BLOB NOT NULL REFERENCES tasks (id),
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    salt BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX comments_task ON comments (task_id, created_at, id);

-- The event log. The entry's bytes are the hashed bytes.
CREATE TABLE events (
    organization_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    task_id BLOB,
    queue_id BLOB,
    entry TEXT NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (organization_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_task ON events (task_id, seq) WHERE task_id IS NOT NULL;

-- The size and right edge of each organization's Merkle tree.
CREATE TABLE log_heads (
    organization_id BLOB NOT NULL PRIMARY KEY REFERENCES organizations (id),
    size INTEGER NOT NULL,
    frontier BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Inner nodes of the tree at heights 8, 16, …: what the tiles above the leaves are made of (C2SP tlog-tiles).
CREATE TABLE log_nodes (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    height INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (organization_id, height, position)
) STRICT, WITHOUT ROWID;

-- Signed checkpoints, as they were served.
CREATE TABLE checkpoints (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, size)
) STRICT, WITHOUT ROWID;

-- The keys that sign checkpoints.
CREATE TABLE log_keys (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, created_at)
) STRICT, WITHOUT ROWID;

-- Answers to requests that carried an Idempotency-Key.
CREATE TABLE idempotency (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    reply TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, principal, key)
) STRICT;
CREATE INDEX idempotency_expiry ON idempotency (expires_at);
