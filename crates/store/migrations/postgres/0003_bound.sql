-- Tasks that a batch refers to and that were there before it: their external ids were submitted again. Tasks that came with a batch name it themselves.
CREATE TABLE batch_tasks (
    batch_id uuid NOT NULL REFERENCES batches (id),
    task_id uuid NOT NULL REFERENCES tasks (id),
    PRIMARY KEY (batch_id, task_id)
);
CREATE INDEX batch_tasks_task ON batch_tasks (task_id);

-- Why something was done, in the words of who did it, apart from its event so that it can be erased; the salt of its digest.
CREATE TABLE reasons (
    event_id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL,
    task_id uuid NOT NULL REFERENCES tasks (id),
    salt bytea NOT NULL,
    reason text NOT NULL
);
CREATE INDEX reasons_task ON reasons (task_id);

-- The salt of the digest under which the log names a version of a queue; versions from before have none, and are not named.
ALTER TABLE queue_versions ADD COLUMN salt bytea;

-- Whose leases end when a member may no longer review.
CREATE INDEX leases_member ON leases (member_id);
