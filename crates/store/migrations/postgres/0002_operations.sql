-- How many reviews a task's stage still wants at the same time, from whom, and since when it is open.
ALTER TABLE tasks ADD COLUMN wanted bigint NOT NULL DEFAULT 1;
ALTER TABLE tasks ADD COLUMN audience text NOT NULL DEFAULT '';
ALTER TABLE tasks ADD COLUMN opened_at timestamptz;
UPDATE tasks SET opened_at = created_at;
DROP INDEX tasks_turn;
CREATE INDEX tasks_turn ON tasks (queue_id, audience, rank, due_at, created_at, id) WHERE state = 'queued';

-- Who reviews at the stages of a queue, at any of its versions; '' is whoever the queue lets review.
CREATE TABLE audiences (
    queue_id uuid NOT NULL REFERENCES queues (id),
    audience text NOT NULL,
    PRIMARY KEY (queue_id, audience)
);
INSERT INTO audiences (queue_id, audience) SELECT id, '' FROM queues;

-- The right of a reviewer to review a task now; as many at a time as the stage wants reviews.
DROP TABLE leases;
CREATE TABLE leases (
    task_id uuid NOT NULL REFERENCES tasks (id),
    member_id uuid NOT NULL REFERENCES members (id),
    id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (task_id, member_id)
);

-- How an assignment came about, for whom its reviewer acts, and what it weighs.
ALTER TABLE assignments ADD COLUMN origin text NOT NULL DEFAULT 'manual';
ALTER TABLE assignments ADD COLUMN on_behalf_of uuid;
ALTER TABLE assignments ADD COLUMN weight bigint NOT NULL DEFAULT 0;
CREATE INDEX assignments_open ON assignments (member_id, created_at, id) WHERE state = 'accepted';

-- A task that was offered to a reviewer, for as long as the offer stands.
CREATE TABLE offers (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL,
    task_id uuid NOT NULL REFERENCES tasks (id),
    stage bigint NOT NULL,
    member_id uuid NOT NULL REFERENCES members (id),
    on_behalf_of uuid,
    state text NOT NULL,
    origin text NOT NULL,
    weight bigint NOT NULL,
    offered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX offers_standing ON offers (task_id, member_id) WHERE state = 'offered';
CREATE INDEX offers_task ON offers (task_id, stage, state);
CREATE INDEX offers_member ON offers (member_id, offered_at, id) WHERE state = 'offered';

-- Why a task went to a reviewer, or to nobody; the newest of each stage.
CREATE TABLE explanations (
    task_id uuid NOT NULL REFERENCES tasks (id),
    stage bigint NOT NULL,
    explanation text NOT NULL,
    created_at timestamptz NOT NULL,
    told text,
    PRIMARY KEY (task_id, stage)
);

-- A review that came too late to count, and for whom its reviewer acted.
ALTER TABLE reviews ADD COLUMN surplus bigint NOT NULL DEFAULT 0;
ALTER TABLE reviews ADD COLUMN on_behalf_of uuid;
DROP INDEX reviews_once;
CREATE UNIQUE INDEX reviews_once ON reviews (task_id, stage, revision, reviewer_id) WHERE voided_at IS NULL AND surplus = 0;

-- What is due at an instant. Firing deletes the row in the transaction of its effect.
CREATE TABLE timers (
    owner_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    due_at timestamptz NOT NULL,
    attempts bigint NOT NULL,
    PRIMARY KEY (owner_id, kind, subject)
);
CREATE INDEX timers_due ON timers (due_at, owner_id, kind, subject);
-- Tasks for which nobody was found, and that are looked at again when somebody comes.
CREATE INDEX timers_route ON timers (organization_id, due_at, owner_id, subject) WHERE kind = 'route';

-- Tasks that look for reviewers; one router at a time works through those of an organization.
CREATE TABLE routings (
    organization_id uuid NOT NULL,
    task_id uuid NOT NULL PRIMARY KEY REFERENCES tasks (id),
    since timestamptz NOT NULL
);
CREATE INDEX routings_turn ON routings (organization_id, since, task_id);
CREATE TABLE routers (
    organization_id uuid NOT NULL PRIMARY KEY REFERENCES organizations (id)
);
INSERT INTO routers (organization_id) SELECT id FROM organizations;

-- How available a member is for work.
CREATE TABLE availabilities (
    member_id uuid NOT NULL PRIMARY KEY REFERENCES members (id),
    organization_id uuid NOT NULL,
    availability text NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX availabilities_list ON availabilities (organization_id, member_id);

-- The person behind a member, where one person has several memberships.
CREATE TABLE persons (
    member_id uuid NOT NULL PRIMARY KEY REFERENCES members (id),
    organization_id uuid NOT NULL,
    person text NOT NULL
);
CREATE INDEX persons_same ON persons (organization_id, person);

-- What a member has to do, counted with every offer and assignment.
CREATE TABLE workloads (
    member_id uuid NOT NULL PRIMARY KEY REFERENCES members (id),
    organization_id uuid NOT NULL,
    units bigint NOT NULL,
    last_assigned_at timestamptz,
    day bigint NOT NULL,
    assigned_that_day bigint NOT NULL
);
CREATE INDEX workloads_list ON workloads (organization_id, member_id);

-- Who reviewed a thread of tasks last.
CREATE TABLE threads (
    queue_id uuid NOT NULL REFERENCES queues (id),
    thread text NOT NULL,
    member_id uuid NOT NULL REFERENCES members (id),
    reviewed_at timestamptz NOT NULL,
    PRIMARY KEY (queue_id, thread, member_id)
);

-- Values that a requester has used in a queue before, as SHA-256.
CREATE TABLE first_uses (
    queue_id uuid NOT NULL REFERENCES queues (id),
    used bytea NOT NULL,
    task_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (queue_id, used)
);

-- The clock of a task: one row for each metric and stage.
CREATE TABLE sla_cycles (
    task_id uuid NOT NULL REFERENCES tasks (id),
    metric text NOT NULL,
    stage bigint NOT NULL,
    number bigint NOT NULL,
    organization_id uuid NOT NULL,
    queue_id uuid NOT NULL,
    state text NOT NULL,
    cycle text NOT NULL,
    due_at timestamptz,
    PRIMARY KEY (task_id, metric, stage, number)
);

-- How far the escalation of a task has gone.
CREATE TABLE escalations (
    task_id uuid NOT NULL PRIMARY KEY REFERENCES tasks (id),
    run text NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Calendars, schedules and groups, by kind and key.
CREATE TABLE resources (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    kind text NOT NULL,
    key text NOT NULL,
    definition text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, kind, key)
);

-- Who acts for whom.
CREATE TABLE delegations (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    from_id uuid NOT NULL REFERENCES members (id),
    delegation text NOT NULL,
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX delegations_list ON delegations (organization_id, created_at, id);

-- Who is away, and what becomes of their work.
CREATE TABLE absences (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    member_id uuid NOT NULL REFERENCES members (id),
    absence text NOT NULL,
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX absences_list ON absences (organization_id, created_at, id);
