/** Generated from openapi.json by `npm run generate`. Do not edit. */

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who did something. */
        Actor: {
            /** @description `member`, `agent` or `system`. */
            kind: string;
            /** @description `mem_…`, `key_…` or `system`. */
            id: string;
            /** @description Their name at the time. */
            name: string | null;
        };
        /**
         * @description How a task finds its reviewer.
         * @enum {string}
         */
        Assignment: "manual" | "pull";
        /** @description A batch and how far it has come. */
        Batch: {
            /** @description Its id. */
            id: string;
            /** @description The queue. */
            queue_id: string;
            /** @description The queue's key. */
            queue_key: string;
            /**
             * Format: int64
             * @description Items in the request.
             */
            total: number;
            /**
             * Format: int64
             * @description Tasks of it that are pending: those that came with it and those that were there already, each once.
             */
            pending: number;
            /**
             * Format: int64
             * @description … that are open.
             */
            queued: number;
            /**
             * Format: int64
             * @description … that are decided.
             */
            reviewed: number;
            /**
             * Format: int64
             * @description … that were taken back.
             */
            cancelled: number;
            /**
             * Format: int64
             * @description … that the clock ended.
             */
            expired: number;
            /**
             * Format: int64
             * @description Items that were refused.
             */
            refused: number;
            /**
             * Format: date-time
             * @description When it was submitted.
             */
            created_at: string;
            /** @description What became of each item. */
            items: components["schemas"]["BatchItem"][];
        };
        /** @description One item of a batch. */
        BatchItem: {
            /**
             * Format: int64
             * @description Its place in the request, from 0.
             */
            index: number;
            /** @description What became of it. */
            status: components["schemas"]["ItemStatus"];
            /** @description The task. */
            task_id: string | null;
            /** @description The submitter's own id. */
            external_id: string | null;
            problem: components["schemas"]["ItemProblem"] | null;
        };
        /** @description Takes a task back. */
        CancelTask: {
            /** @description Why. */
            reason?: string | null;
        };
        /** @description A candidate of a `multiple_choice` task. */
        Choice: {
            /** @description What a result calls it; unique in the task. */
            key: string;
            /** @description What people read. */
            label: string;
            /** @description More about it. */
            description: string | null;
            /** @description Its structured content. */
            data: {
                [key: string]: unknown;
            } | null;
        };
        /** @description A comment on a task. */
        Comment: {
            /** @description Its id. */
            id: string;
            /** @description The task. */
            task_id: string;
            /** @description Who wrote it. */
            author: components["schemas"]["Actor"];
            /** @description Markdown. */
            body: string;
            /**
             * Format: date-time
             * @description When.
             */
            created_at: string;
        };
        /** @description Says something beside a task. */
        CreateComment: {
            /** @description Markdown. */
            body: string;
        };
        /**
         * @description When a reviewer has to say why.
         * @enum {string}
         */
        FeedbackRequired: "never" | "always" | "when_empty" | "when_rejected";
        /** @description Why an item was refused. */
        ItemProblem: {
            /** @description The code. */
            code: string;
            /** @description What is wrong. */
            detail: string;
            /** @description The wrong places: pointers into the item. */
            pointers: string[];
        };
        /**
         * @description What became of one item.
         * @enum {string}
         */
        ItemStatus: "created" | "existing" | "refused";
        /** @description The right of one reviewer to review a task now. */
        Lease: {
            /** @description Its id. */
            id: string;
            /** @description Who holds it. */
            member_id: string;
            /** @description Their name. */
            member_name: string;
            /**
             * Format: date-time
             * @description When it ends unless renewed.
             */
            expires_at: string;
        };
        /** @description Code and message. */
        NestedError: {
            /** @description The code. */
            code: string;
            /** @description The message. */
            message: string;
        };
        /** @description What a task resolved to. */
        Outcome: {
            /** @description How it ended. */
            kind: components["schemas"]["OutcomeKind"];
            /** @description The deciding selection; empty unless decided. */
            result: string[];
            /** @description The same, typed. */
            value: {
                [key: string]: unknown;
            } | null;
            /** @description The content as edited, when it was. */
            data: {
                [key: string]: unknown;
            } | null;
            /** @description The rule that resolved it. */
            rule: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description The reason that was given. */
            reason: string | null;
        };
        /**
         * @description How a task ended.
         * @enum {string}
         */
        OutcomeKind: "decided" | "cancelled" | "expired";
        /**
         * @description How urgent a task is.
         * @enum {string}
         */
        Priority: "low" | "normal" | "high" | "urgent";
        /** @description A problem (RFC 9457), with the members beside it that the published client reads. */
        Problem: {
            /** @description The page that explains the code. */
            type: string;
            /** @description What the code is called. */
            title: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description What is wrong, in one sentence. */
            detail: string;
            /** @description The code, for programs. */
            code: string;
            /** @description The same as `detail`. */
            message: string;
            /** @description What to do about it. */
            hint: string | null;
            /** @description What is wrong at which place: JSON pointers into the body, or names of parameters and headers. */
            errors: {
                [key: string]: string[];
            };
            /** @description The id or key of what was not found. */
            entityId: string | null;
            /**
             * Format: int32
             * @description After how many seconds to try again.
             */
            retryAfter: number | null;
            /** @description The request, for the operator's logs. */
            request_id: string;
            /** @description Code and message once more, in the documented shape. */
            error: components["schemas"]["NestedError"];
        };
        /** @description A queue. */
        Queue: {
            /** @description Its id. */
            id: string;
            /** @description The tenant. */
            organization_id: string;
            /** @description What programs call it. */
            key: string;
            /**
             * Format: int64
             * @description Counts its changes, from 1.
             */
            version: number;
            /** @description What people call it. */
            name: string;
            /** @description What it is for. */
            description: string | null;
            /** @description Whether agents wait. */
            timing: components["schemas"]["Timing"];
            /** @description What a reviewer does. */
            review_type: components["schemas"]["ReviewType"];
            /** @description What can be selected. */
            review_options: components["schemas"]["ReviewOption"][];
            /**
             * Format: int64
             * @description How many may be selected; null is any number.
             */
            max_selections: number | null;
            /** @description Whether something has to be selected. */
            result_required: boolean;
            /** @description When a reviewer has to say why. */
            feedback_required: components["schemas"]["FeedbackRequired"];
            /** @description How a task finds its reviewer. */
            assignment: components["schemas"]["Assignment"];
            /**
             * Format: int64
             * @description Minutes until a task is due.
             */
            sla_minutes: number | null;
            scale: components["schemas"]["Scale"] | null;
            /** @description Whether an approval may carry edits. */
            allow_edits: boolean;
            /** @description JSON Schema of a task's `data`. */
            data_schema: {
                [key: string]: unknown;
            } | null;
            /** @description JSON Schema of edited content. */
            edit_schema: {
                [key: string]: unknown;
            } | null;
            /** @description Markdown for reviewers. */
            instructions: string | null;
            /** @description Text from which a task's summary is made. */
            summary_template: string | null;
            /** @description Who may review; null is every member whose role may. */
            reviewer_ids: string[] | null;
            /**
             * Format: int64
             * @description Tasks that wait for a reviewer; 10000 stands for any number from there on. Null within a task.
             */
            open_count: number | null;
            /**
             * Format: date-time
             * @description Since when it takes no new tasks.
             */
            deleted_at: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            updated_at: string;
        };
        /** @description One reviewer's submitted result. */
        Review: {
            /** @description Its id. */
            id: string;
            /** @description The task. */
            task_id: string;
            /** @description The queue. */
            queue_id: string;
            /** @description The queue's key. */
            queue_key: string;
            /**
             * Format: int64
             * @description The stage it was given at, from 0.
             */
            stage: number;
            /**
             * Format: int64
             * @description The revision it is about.
             */
            revision: number;
            /** @description Who gave it. */
            reviewer_id: string;
            /** @description Who gave it. */
            reviewer: components["schemas"]["Reviewer"];
            /** @description The selection. */
            result: string[];
            /** @description The same, typed. */
            value: components["schemas"]["ReviewValue"];
            /** @description The content as edited; empty when it was not. */
            data: {
                [key: string]: unknown;
            };
            /** @description RFC 6902 difference from the task's `data` to the edited content. */
            patch: {
                [key: string]: unknown;
            }[] | null;
            /** @description Why. */
            feedback: string | null;
            /**
             * Format: date-time
             * @description Since when it no longer counts: the task was revised or reopened.
             */
            voided_at: string | null;
            /**
             * Format: date-time
             * @description When it was given.
             */
            created_at: string;
        };
        /** @description Something that can be selected. */
        ReviewOption: {
            /** @description What a result calls it. */
            id: string;
            /** @description What people read. */
            label: string;
            /**
             * Format: int64
             * @description Its place in the list; its place in the request when left out.
             */
            display_order: number | null;
            /** @description When to choose it. */
            description: string | null;
            /** @description `#rrggbb`. */
            color: string | null;
            /** @description The key that selects it: one of `a`–`z`, `0`–`9`. */
            hotkey: string | null;
        };
        /**
         * @description What a reviewer does.
         * @enum {string}
         */
        ReviewType: "approval" | "classification" | "labeling" | "scoring" | "multiple_choice" | "augmentation";
        /** @description A result, typed by the review type. */
        ReviewValue: {
            /** @description Whether the action may go ahead. */
            approved: boolean;
            /** @enum {string} */
            type: "approval";
        } | {
            /** @description Its id. */
            option: string | null;
            /** @enum {string} */
            type: "classification";
        } | {
            /** @description Their ids. */
            labels: string[];
            /** @enum {string} */
            type: "labeling";
        } | {
            /**
             * Format: double
             * @description The score.
             */
            score: number | null;
            /** @enum {string} */
            type: "scoring";
        } | {
            /** @description Their keys. */
            choices: string[];
            /** @enum {string} */
            type: "multiple_choice";
        } | {
            /** @description Whether anything was changed. */
            edited: boolean;
            /** @enum {string} */
            type: "augmentation";
        };
        /** @description Who reviewed. */
        Reviewer: {
            /** @description The member. */
            id: string;
            /** @description Their name at the time. */
            name: string;
            /** @description `human` or `ai`. */
            type: string;
        };
        /**
         * @description What kind of reviewer reviewed.
         * @enum {string}
         */
        ReviewerType: "human" | "ai";
        /** @description New content for a task; what is left out stays as it is. */
        ReviseTask: {
            /** @description The content to be reviewed. */
            data?: {
                [key: string]: unknown;
            } | null;
            /** @description Its background. */
            context?: {
                [key: string]: unknown;
            } | null;
            /** @description Filterable attributes. */
            metadata?: {
                [key: string]: unknown;
            } | null;
            /** @description One line for lists. */
            summary?: string | null;
            /** @description The candidates. */
            choices?: components["schemas"]["Choice"][] | null;
        };
        /** @description The scale of a scoring queue. */
        Scale: {
            /**
             * Format: double
             * @description Lowest score.
             */
            min: number;
            /**
             * Format: double
             * @description Highest score.
             */
            max: number;
            /**
             * Format: double
             * @description Distance between two scores.
             */
            step: number;
            /** @description What the lowest means. */
            min_label: string | null;
            /** @description What the highest means. */
            max_label: string | null;
        };
        /** @description Many tasks for one queue. */
        SubmitBatch: {
            /** @description The queue. */
            queue_key: string;
            /** @description The tasks. */
            tasks: components["schemas"]["SubmitItem"][];
        };
        /** @description A task as an agent submits it, without its queue: an item of a batch. */
        SubmitItem: {
            /** @description The content to be reviewed. */
            data: {
                [key: string]: unknown;
            };
            /** @description Its background. */
            context?: {
                [key: string]: unknown;
            } | null;
            /** @description Filterable attributes: text, numbers, true, false, null. */
            metadata?: {
                [key: string]: unknown;
            } | null;
            /** @description One line for lists; else made from the queue's template. */
            summary?: string | null;
            /** @description The submitter's own id, unique in the queue. The same content again is answered with the first task, other content is refused. */
            external_id?: string | null;
            /** @description The candidates, for `multiple_choice`. */
            choices?: components["schemas"]["Choice"][] | null;
            /**
             * Format: int64
             * @description Overrides the queue's limit, for `multiple_choice`.
             */
            max_selections?: number | null;
            priority?: components["schemas"]["Priority"] | null;
            /**
             * Format: date-time
             * @description When it ought to be decided. Not together with `sla_minutes`.
             */
            deadline?: string | null;
            /**
             * Format: int64
             * @description Minutes until it ought to be decided.
             */
            sla_minutes?: number | null;
            /** @description A reviewer of the queue. */
            assignee_id?: string | null;
        };
        /** @description A task as an agent submits it. */
        SubmitTask: {
            /** @description The queue. */
            queue_key: string;
            /** @description The content to be reviewed. */
            data: {
                [key: string]: unknown;
            };
            /** @description Its background. */
            context?: {
                [key: string]: unknown;
            } | null;
            /** @description Filterable attributes: text, numbers, true, false, null. */
            metadata?: {
                [key: string]: unknown;
            } | null;
            /** @description One line for lists; else made from the queue's template. */
            summary?: string | null;
            /** @description The submitter's own id, unique in the queue. The same content again is answered with the first task, other content is refused. */
            external_id?: string | null;
            /** @description The candidates, for `multiple_choice`. */
            choices?: components["schemas"]["Choice"][] | null;
            /**
             * Format: int64
             * @description Overrides the queue's limit, for `multiple_choice`.
             */
            max_selections?: number | null;
            priority?: components["schemas"]["Priority"] | null;
            /**
             * Format: date-time
             * @description When it ought to be decided. Not together with `sla_minutes`.
             */
            deadline?: string | null;
            /**
             * Format: int64
             * @description Minutes until it ought to be decided.
             */
            sla_minutes?: number | null;
            /** @description A reviewer of the queue. */
            assignee_id?: string | null;
        };
        /** @description A task. */
        Task: {
            /** @description Its id. */
            id: string;
            /** @description The tenant. */
            organization_id: string;
            /** @description The queue. */
            queue_id: string;
            /** @description The queue's key. */
            queue_key: string;
            /**
             * Format: int64
             * @description The version of the queue it was submitted under.
             */
            queue_version: number;
            /** @description The batch it came with. */
            batch_id: string | null;
            /** @description The submitter's own id. */
            external_id: string | null;
            /** @description Where it is in its life. */
            state: components["schemas"]["TaskState"];
            /**
             * Format: int64
             * @description Counts the revisions of its content, from 1.
             */
            revision: number;
            /** @description How urgent it is. */
            priority: components["schemas"]["Priority"];
            /** @description The content to be reviewed. */
            data: {
                [key: string]: unknown;
            };
            /** @description Its background. */
            context: {
                [key: string]: unknown;
            };
            /** @description Filterable attributes. */
            metadata: {
                [key: string]: unknown;
            };
            /** @description The candidates. */
            choices: components["schemas"]["Choice"][] | null;
            /**
             * Format: int64
             * @description Overrides the queue's limit.
             */
            max_selections: number | null;
            /** @description One line for lists. */
            summary: string | null;
            /**
             * Format: date-time
             * @description When it ought to be decided.
             */
            sla_deadline: string | null;
            /** @description Whose task it is. */
            assignee_id: string | null;
            /** @description Who submitted it. */
            created_by: components["schemas"]["Actor"];
            outcome: components["schemas"]["Outcome"] | null;
            /**
             * Format: date-time
             * @description When it was decided.
             */
            reviewed_at: string | null;
            /**
             * Format: date-time
             * @description When it was submitted.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When anything about it changed last.
             */
            updated_at: string;
            queue: components["schemas"]["Queue"] | null;
            /** @description Its reviews, oldest first; null in lists. */
            reviews: components["schemas"]["Review"][] | null;
            lease: components["schemas"]["Lease"] | null;
        };
        /**
         * @description The order of a list of tasks.
         * @enum {string}
         */
        TaskOrder: "created_desc" | "turn";
        /**
         * @description Where a task is in its life.
         * @enum {string}
         */
        TaskState: "pending" | "queued" | "reviewed" | "cancelled" | "expired";
        /**
         * @description Whether an agent waits for the decision.
         * @enum {string}
         */
        Timing: "before" | "after";
        ListTasksQuery: {
            queue_key?: string;
            queue_id?: string;
            /** @description May repeat */
            state?: components["schemas"]["TaskState"][];
            external_id?: string;
            batch_id?: string;
            /** @description A member's id, or `me` */
            assignee_id?: string;
            /** Format: date-time */
            created_after?: string;
            /** Format: date-time */
            created_before?: string;
            /** Format: date-time */
            reviewed_after?: string;
            /** Format: date-time */
            reviewed_before?: string;
            order?: components["schemas"]["TaskOrder"];
            /** Format: int64 */
            limit?: number;
            cursor?: string;
        };
        WaitForTaskQuery: {
            /**
             * Format: int64
             * @description Seconds; 60 when left out
             */
            timeout?: number;
        };
        WaitForBatchQuery: {
            /**
             * Format: int64
             * @description Seconds; 60 when left out
             */
            timeout?: number;
        };
        ListReviewsQuery: {
            task_id?: string;
            queue_key?: string;
            queue_id?: string;
            /** @description A member's id, or `me` */
            reviewer_id?: string;
            reviewer_type?: components["schemas"]["ReviewerType"];
            /** Format: date-time */
            created_after?: string;
            /** Format: date-time */
            created_before?: string;
            /** Format: int64 */
            limit?: number;
            /** Format: int64 */
            offset?: number;
            cursor?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
