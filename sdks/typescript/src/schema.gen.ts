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
         * @description How scores become one.
         * @enum {string}
         */
        Aggregate: "mean" | "median";
        /**
         * @description How a task finds its reviewer.
         * @enum {string}
         */
        Assignment: "manual" | "pull" | "round_robin" | "load_balanced" | "skill_based" | "sticky" | "ai_first" | "ai_last";
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
            /** @description Asks the requester: the task's clocks stand still until it answers with a comment or a revision. For reviewers. */
            asks?: boolean;
        };
        /** @description What happens when nobody takes care of a task. */
        Escalation: {
            /** @description Its steps, in the order of time. */
            steps: components["schemas"]["EscalationStep"][];
            /**
             * Format: int64
             * @description How many rounds there are in all.
             * @default 2
             */
            loops: number;
            /**
             * Format: int64
             * @description Minutes after which an acknowledgement no longer holds the steps back; null is for good.
             */
            acknowledge_timeout_minutes: number | null;
            /** @description Key of a calendar: outside its hours steps are held until it opens; null is at all hours. */
            support_hours: string | null;
        };
        /** @description What a step does. */
        EscalationAction: {
            /** @description Whom. */
            targets: components["schemas"]["EscalationTarget"][];
            /** @description How. */
            profile: components["schemas"]["EscalationProfile"];
            /** @enum {string} */
            type: "notify";
        } | {
            /** @description Among whom. */
            targets: components["schemas"]["EscalationTarget"][];
            /** @enum {string} */
            type: "reassign";
        } | {
            /** @description Among whom. */
            targets: components["schemas"]["EscalationTarget"][];
            /** @enum {string} */
            type: "add_reviewer";
        } | {
            /** @description The least priority it then has. */
            to: components["schemas"]["Priority"];
            /** @enum {string} */
            type: "raise_priority";
        } | {
            /** @description Key of a queue of the same review type. */
            queue: string;
            /** @enum {string} */
            type: "move_queue";
        } | {
            /** @description Its key. */
            stage: string;
            /** @enum {string} */
            type: "add_stage";
        } | {
            /** @description An option of the queue. */
            result: string;
            /** @description Has to be true for `approved`: nobody will have looked at the task. */
            i_accept_approval_without_review: boolean;
            /** @enum {string} */
            type: "default_decision";
        };
        /** @description When a step is due, from the beginning of the round. */
        EscalationAfter: {
            /**
             * Format: int64
             * @description So many minutes, 0–525600.
             */
            elapsed_minutes: number;
        } | {
            /**
             * Format: int64
             * @description So many minutes of business time of the calendar of the queue's SLA.
             */
            business_minutes: number;
        } | {
            /**
             * Format: int64
             * @description This share of the time to the task's deadline, 0–1000; 100 is the deadline.
             */
            sla_percent: number;
        };
        /**
         * @description Which of their notification rules people are reached by.
         * @enum {string}
         */
        EscalationProfile: "default" | "important";
        /** @description One step. */
        EscalationStep: {
            /** @description When it is due. */
            after: components["schemas"]["EscalationAfter"];
            unless: components["schemas"]["EscalationUnless"] | null;
            /** @description CEL condition that has to hold when it is due. If it fails the step is done, except a decision. */
            when: string | null;
            /** @description What it does. */
            action: components["schemas"]["EscalationAction"];
        };
        /** @description Whom a step reaches. */
        EscalationTarget: {
            /** @description One member: their id, and in a document their e-mail address. */
            member: string;
        } | {
            /** @description Everybody in the group of this key. */
            group: string;
        } | {
            /** @description Whoever is on call by the schedule of this key. */
            schedule: string;
        } | "queue_lead";
        /**
         * @description What makes a step unnecessary.
         * @enum {string}
         */
        EscalationUnless: "acknowledged" | "claimed" | "assigned";
        /**
         * @description When a reviewer has to say why.
         * @enum {string}
         */
        FeedbackRequired: "never" | "always" | "when_empty" | "when_rejected";
        /** @description Where a task goes from a stage: a word, or `{"stage": "key"}`. */
        Follow: "next" | "finish" | "reject" | "open" | {
            /** @description To the later stage with this key. */
            stage: string;
        };
        /** @description So many people of a group. */
        GroupCount: {
            /** @description The group's key. */
            group: string;
            /**
             * Format: int32
             * @description How many.
             */
            count: number;
        };
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
        /** @description A measured time and its target. */
        Metric: {
            /** @description What is measured. */
            kind: components["schemas"]["MetricKind"];
            /** @description The key of the stage in which; null is every stage that has no metric of this kind of its own. A total has none. */
            stage: string | null;
            /** @description How long it may take. */
            target_minutes: components["schemas"]["Targets"];
            /**
             * @description At which percentages of the target a warning is given: ascending.
             * @default [
             *       75
             *     ]
             */
            warn_at_percent: number[];
        };
        /**
         * @description What is measured. Each starts when its stage opens, the total when the task is accepted.
         * @enum {string}
         */
        MetricKind: "time_to_assign" | "time_to_first_view" | "time_to_decision" | "total";
        /** @description Code and message. */
        NestedError: {
            /** @description The code. */
            code: string;
            /** @description The message. */
            message: string;
        };
        /** @description What becomes of a task that is still open at its deadline. */
        OnDeadline: {
            /** @enum {string} */
            action: "keep";
        } | {
            /** @enum {string} */
            action: "reject";
        } | {
            /** @enum {string} */
            action: "expire";
        } | {
            /** @enum {string} */
            action: "escalate";
        } | {
            /** @description Ids of options of the queue; never the approval. */
            result: string[];
            /** @enum {string} */
            action: "default_answer";
        } | {
            /** @enum {string} */
            action: "return_to_agent";
        } | {
            /** @description Has to be true, so that nobody chooses this unknowingly. */
            i_accept_approval_without_review: boolean;
            /** @enum {string} */
            action: "approve";
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
            /**
             * Format: double
             * @description Share of the reviews that gave the result, from 0 to 1, where several were asked.
             */
            agreement: number | null;
            /**
             * Format: double
             * @description Probability of the result, where the rule weighs reviews.
             */
            posterior: number | null;
            /** @description Who reviewed otherwise. */
            dissenter_ids: string[];
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
            /** @description The steps to a decision: its own, or those that `assignment` stands for. */
            stages: components["schemas"]["Stage"][];
            /** @description What a task resolves to when no stage applies to it; null: people are asked all the same. */
            otherwise: string[] | null;
            /** @description How reviewers are found, beside `assignment`. */
            routing: components["schemas"]["Routing"];
            sla: components["schemas"]["Sla"] | null;
            escalation: components["schemas"]["Escalation"] | null;
            /** @description Who leads it: told when something is wrong with it. */
            lead_ids: string[];
            /** @description Whether a member may review what they submitted themself. */
            allow_own_review: boolean;
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
        /**
         * @description How one of several eligible reviewers is chosen.
         * @enum {string}
         */
        Ranking: "round_robin" | "load_balanced";
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
            /** @description It came when the stage wanted no more reviews: kept, and not counted. */
            surplus: boolean;
            /** @description For whom the reviewer acted. */
            on_behalf_of: string | null;
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
            /** @description The member; `policy` for a rule of the queue. */
            id: string;
            /** @description Their name at the time. */
            name: string;
            /** @description `human`, `ai` or `policy`. */
            type: string;
        };
        /**
         * @description What kind of reviewer reviewed.
         * @enum {string}
         */
        ReviewerType: "human" | "ai" | "policy";
        /** @description Whom a stage asks: anybody who is named or belongs to one of the groups. */
        Reviewers: {
            /** @description Keys of groups. */
            groups: string[];
            /** @description Members beside those of the groups. */
            member_ids: string[];
        };
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
        /** @description How a queue's tasks find their reviewers, beside `assignment`. What is left out has its default. */
        Routing: {
            /**
             * @description How `skill_based` chooses among those who have the skills.
             * @default load_balanced
             */
            then: components["schemas"]["Ranking"];
            /**
             * Format: int64
             * @description How long `sticky` remembers who reviewed a thread, in seconds.
             * @default 3600
             */
            sticky_seconds: number;
            /**
             * Format: int64
             * @description How long an offer stands, in seconds.
             * @default 120
             */
            offer_timeout_seconds: number;
            /**
             * Format: int64
             * @description After how many minutes of waiting a task gains one step of priority; null is never.
             * @default null
             */
            ageing_minutes: number | null;
            /**
             * @description What a reviewer needs to be able to do, whatever the assignment.
             * @default []
             */
            skills: components["schemas"]["SkillRequirement"][];
            /**
             * Format: int64
             * @description Units of capacity that a task takes.
             * @default 1
             */
            weight: number;
            /**
             * @description The key of the queue whose reviewers help out.
             * @default null
             */
            overflow_queue: string | null;
            /**
             * Format: int64
             * @description After how many minutes of waiting they do. Belongs to `overflow_queue`.
             * @default null
             */
            overflow_after_minutes: number | null;
            /**
             * @description Who is never given a task of the queue.
             * @default []
             */
            excluded_member_ids: string[];
        };
        /** @description When a stage's reviews make a decision. */
        Rule: {
            /** @enum {string} */
            type: "single";
        } | {
            /**
             * Format: int32
             * @description How many have to be equal.
             */
            k: number;
            /**
             * Format: int32
             * @description How many review.
             */
            n: number;
            /** @enum {string} */
            type: "k_of_n";
        } | {
            /**
             * Format: int32
             * @description How many review.
             */
            n: number;
            /** @enum {string} */
            type: "majority";
        } | {
            /**
             * Format: int32
             * @description How many review.
             */
            n: number;
            /** @enum {string} */
            type: "unanimous";
        } | {
            /**
             * Format: int32
             * @description How many have to approve.
             */
            n: number;
            /** @enum {string} */
            type: "any_reject_vetoes";
        } | {
            /** @description The groups, each named once, with how many of it. */
            groups: components["schemas"]["GroupCount"][];
            /** @enum {string} */
            type: "role_quorum";
        } | {
            /**
             * Format: int32
             * @description How many score.
             */
            n: number;
            /** @description How scores become one. */
            aggregate: components["schemas"]["Aggregate"];
            /**
             * Format: double
             * @description Largest distance between two scores that is still no disagreement; null allows any.
             */
            max_spread: number | null;
            /** @enum {string} */
            type: "numeric";
        } | {
            /**
             * Format: int32
             * @description How many review at most; then it is a disagreement.
             */
            n_max: number;
            /**
             * Format: double
             * @description The probability that decides, between 0.5 and 1.
             */
            threshold: number;
            /** @enum {string} */
            type: "weighted_posterior";
        } | {
            /**
             * Format: int32
             * @description How many review at first.
             */
            n0: number;
            /**
             * Format: int32
             * @description How many review at most; then it is a disagreement.
             */
            n_max: number;
            /**
             * Format: double
             * @description The share of the leading answer that decides, over 0.5 up to 1.
             */
            agreement: number;
            /** @enum {string} */
            type: "adaptive";
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
        /** @description What a reviewer of a task needs to be able to do. */
        SkillRequirement: {
            /** @description The key of the skill. */
            skill: string;
            /**
             * Format: int64
             * @description The least level.
             */
            min_level: number;
            /**
             * @description Whether it stays needed however long the task waits.
             * @default true
             */
            mandatory: boolean;
            /**
             * Format: int64
             * @description After how many seconds at the stage it is no longer needed. Belongs to skills that are not mandatory, and to them alone.
             */
            drop_after_seconds: number | null;
        };
        /** @description The times that a queue promises. */
        Sla: {
            /** @description The key of the calendar in which time counts; null counts all time. */
            calendar: string | null;
            /** @description What is measured. */
            metrics: components["schemas"]["Metric"][];
            /** @description What becomes of a task that is still open at its deadline. */
            on_deadline: components["schemas"]["OnDeadline"];
        };
        /** @description A step of a queue's workflow. */
        Stage: {
            /** @description What programs and other stages call it; unique in the queue. */
            key: string;
            /** @description What people call it. */
            name: string | null;
            /** @description Who acts. */
            actor: components["schemas"]["StageActor"];
            /** @description CEL condition: the stage is passed by where it does not hold. Null: it always applies. */
            when: string | null;
            /** @description How many reviews decide, for a stage of people. */
            rule: components["schemas"]["Rule"];
            reviewers: components["schemas"]["Reviewers"] | null;
            /**
             * @description Whether reviewers see the others' reviews only once their own is in.
             * @default true
             */
            blind: boolean;
            /**
             * @description Whether those who reviewed an earlier stage of the task may not review here.
             * @default true
             */
            separate: boolean;
            /** @description The result of a policy stage. */
            decide: string[] | null;
            on_approve: components["schemas"]["Follow"] | null;
            on_reject: components["schemas"]["Follow"] | null;
            on_abstain: components["schemas"]["Follow"] | null;
            on_timeout: components["schemas"]["Follow"] | null;
            on_disagreement: components["schemas"]["Follow"] | null;
        };
        /**
         * @description Who acts at a stage.
         * @enum {string}
         */
        StageActor: "people" | "policy" | "ai";
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
        /** @description Minutes of business time by priority; at least one is given. */
        Targets: {
            /**
             * Format: int64
             * @description For the priorities that have none of their own; without it they are not measured.
             * @default null
             */
            default: number | null;
            /**
             * Format: int64
             * @description For tasks of low priority.
             * @default null
             */
            low: number | null;
            /**
             * Format: int64
             * @description For tasks of normal priority.
             * @default null
             */
            normal: number | null;
            /**
             * Format: int64
             * @description For tasks of high priority.
             * @default null
             */
            high: number | null;
            /**
             * Format: int64
             * @description For urgent tasks.
             * @default null
             */
            urgent: number | null;
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
            /**
             * Format: int64
             * @description The stage that it is at, from 0.
             */
            stage: number;
            /**
             * Format: int64
             * @description How many reviews the stage still wants at the same time.
             */
            wanted: number;
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
