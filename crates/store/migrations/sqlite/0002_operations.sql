-- How many reviews a task's stage still wants at the same time, from whom, and since when it is open.
ALTER TABLE tasks ADD COLUMN wanted INTEGER NOT NULL DEFAULT 1;
ALTER TABLE tasks ADD COLUMN audience TEXT NOT NULL DEFAULT '';
ALTER TABLE tasks ADD COLUMN opened_at INTEGER;
UPDATE tasks SET opened_at = created_at;
DROP INDEX tasks_turn;
CREATE INDEX tasks_turn ON tasks (queue_id, audience, rank, due_at, created_at, id) WHERE state = 'queued';

-- Who reviews at the stages of a queue, at any of its versions; '' is whoever the queue lets review.
CREATE TABLE audiences (
    queue_id BLOB NOT NULL REFERENCES queues (id),
    audience TEXT NOT NULL,
    PRIMARY KEY (queue_id, audience)
) STRICT, WITHOUT ROWID;
INSERT INTO audiences (queue_id, audience) SELECT id, '' FROM queues;

-- The right of a reviewer to review a task now; as many at a time as the stage wants reviews.
DROP TABLE leases;
CREATE TABLE leases (
    task_id BLOB NOT NULL REFERENCES tasks (id),
    member_id BLOB NOT NULL REFERENCES members (id),
    id BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (task_id, member_id)
) STRICT, WITHOUT ROWID;

-- How an assignment came about, for whom its reviewer acts, and what it weighs.
ALTER TABLE assignments ADD COLUMN origin TEXT NOT NULL DEFAULT 'manual';
ALTER TABLE assignments ADD COLUMN on_behalf_of BLOB;
ALTER TABLE assignments ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;
CREATE INDEX assignments_open ON assignments (member_id, created_at, id) WHERE state = 'accepted';

-- A task that was offered to a reviewer, for as long as the offer stands.
CREATE TABLE offers (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL,
    task_id BLOB NOT NULL REFERENCES tasks (id),
    stage INTEGER NOT NULL,
    member_id BLOB NOT NULL REFERENCES members (id),
    on_behalf_of BLOB,
    state TEXT NOT NULL,
    origin TEXT NOT NULL,
    weight INTEGER NOT NULL,
    offered_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX offers_standing ON offers (task_id, member_id) WHERE state = 'offered';
CREATE INDEX offers_task ON offers (task_id, stage, state);
CREATE INDEX offers_member ON offers (member_id, offered_at, id) WHERE state = 'offered';

-- Why a task went to a reviewer, or to nobody; the newest of each stage.
CREATE TABLE explanations (
    task_id BLOB NOT NULL REFERENCES tasks (id),
    stage INTEGER NOT NULL,
    explanation TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    told TEXT,
    PRIMARY KEY (task_id, stage)
) STRICT, WITHOUT ROWID;

-- A review that came too late to count, and for whom its reviewer acted.
ALTER TABLE reviews ADD COLUMN surplus INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reviews ADD COLUMN on_behalf_of BLOB;
DROP INDEX reviews_once;
CREATE UNIQUE INDEX reviews_once ON reviews (task_id, stage, revision, reviewer_id) WHERE voided_at IS NULL AND surplus = 0;

-- What is due at an instant. Firing deletes the row in the transaction of its effect.
CREATE TABLE timers (
    owner_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (owner_id, kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due_at, owner_id, kind, subject);
-- Tasks for which nobody was found, and that are looked at again when somebody comes.
CREATE INDEX timers_route ON timers (organization_id, due_at, owner_id, subject) WHERE kind = 'route';

-- Tasks that look for reviewers; one router at a time works through those of an organization.
CREATE TABLE routings (
    organization_id BLOB NOT NULL,
    task_id BLOB NOT NULL PRIMARY KEY REFERENCES tasks (id),
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX routings_turn ON routings (organization_id, since, task_id);
CREATE TABLE routers (
    organization_id BLOB NOT NULL PRIMARY KEY REFERENCES organizations (id)
) STRICT, WITHOUT ROWID;
INSERT INTO routers (organization_id) SELECT id FROM organizations;

-- How available a member is for work.
CREATE TABLE availabilities (
    member_id BLOB NOT NULL PRIMARY KEY REFERENCES members (id),
    organization_id BLOB NOT NULL,
    availability TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX availabilities_list ON availabilities (organization_id, member_id);

-- The person behind a member, where one person has several memberships.
CREATE TABLE persons (
    member_id BLOB NOT NULL PRIMARY KEY REFERENCES members (id),
    organization_id BLOB NOT NULL,
    person TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX persons_same ON persons (organization_id, person);

-- What a member has to do, counted with every offer and assignment.
CREATE TABLE workloads (
    member_id BLOB NOT NULL PRIMARY KEY REFERENCES members (id),
    organization_id BLOB NOT NULL,
    units INTEGER NOT NULL,
    last_assigned_at INTEGER,
    day INTEGER NOT NULL,
    assigned_that_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX workloads_list ON workloads (organization_id, member_id);

-- Who reviewed a thread of tasks last.
CREATE TABLE threads (
    queue_id BLOB NOT NULL REFERENCES queues (id),
    thread TEXT NOT NULL,
    member_id BLOB NOT NULL REFERENCES members (id),
    reviewed_at INTEGER NOT NULL,
    PRIMARY KEY (queue_id, thread, member_id)
) STRICT, WITHOUT ROWID;

-- Values that a requester has used in a queue before, as SHA-256.
CREATE TABLE first_uses (
    queue_id BLOB NOT NULL REFERENCES queues (id),
    used BLOB NOT NULL,
    task_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (queue_id, used)
) STRICT, WITHOUT ROWID;

-- The clock of a task: one row for each metric and stage.
CREATE TABLE sla_cycles (
    task_id BLOB NOT NULL REFERENCES tasks (id),
    metric TEXT NOT NULL,
    stage INTEGER NOT NULL,
    number INTEGER NOT NULL,
    organization_id BLOB NOT NULL,
    queue_id BLOB NOT NULL,
    state TEXT NOT NULL,
    cycle TEXT NOT NULL,
    due_at INTEGER,
    PRIMARY KEY (task_id, metric, stage, number)
) STRICT, WITHOUT ROWID;

-- How far the escalation of a task has gone.
CREATE TABLE escalations (
    task_id BLOB NOT NULL PRIMARY KEY REFERENCES tasks (id),
    run TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Calendars, schedules and groups, by kind and key.
CREATE TABLE resources (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, kind, key)
) STRICT, WITHOUT ROWID;

-- Who acts for whom.
CREATE TABLE delegations (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    from_id BLOB NOT NULL REFERENCES members (id),
    delegation TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX delegations_list ON delegations (organization_id, created_at, id);

-- Who is away, and what becomes of their work.
CREATE TABLE absences (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    member_id BLOB NOT NULL REFERENCES members (id),
    absence TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX absences_list ON absences (organization_id, created_at, id);
