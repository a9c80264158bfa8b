-- Tasks that a batch refers to and that were there before it: their external ids were submitted again. Tasks that came with a batch name it themselves.
CREATE TABLE batch_tasks (
    batch_id BLOB NOT NULL REFERENCES batches (id),
    task_id BLOB NOT NULL REFERENCES tasks (id),
    PRIMARY KEY (batch_id, task_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_tasks_task ON batch_tasks (task_id);

-- Why something was done, in the words of who did it, apart from its event so that it can be erased; the salt of its digest.
CREATE TABLE reasons (
    event_id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL,
    task_id BLOB NOT NULL REFERENCES tasks (id),
    salt BLOB NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX reasons_task ON reasons (task_id);

-- The salt of the digest under which the log names a version of a queue; versions from before have none, and are not named.
ALTER TABLE queue_versions ADD COLUMN salt BLOB;

-- Whose leases end when a member may no longer review.
CREATE INDEX leases_member ON leases (member_id);
