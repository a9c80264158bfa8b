import { describe, expect, it } from "vitest";
import type { Candidate, Explanation, SlaClock } from "@/api/types";
import { isLate } from "@/features/review/late";
import { EMPTY } from "@/features/review/verdict";
import { faultOf, lackWords, periodOf } from "@/features/settings/period";
import { reaches } from "@/features/shell/stand-in";
import { entryOf, instantOf } from "@/ui/local-time";
import { byFilter, FILTERS, mineWords, resultWords, routingWords, seconds, stepsOf } from "./assignment";
import { actionWords, afterWords, clockWords, escalationWords, onDeadlineWords, targetWords } from "./clocks";
import { moment } from "./moment";
import { originOf } from "./outcome";

const explanation = (more: Partial<Explanation>): Explanation => ({
  candidates: 4,
  left: [],
  strategy: "round_robin",
  score: null,
  dropped_skills: [],
  reason: null,
  ...more,
});

describe("why me, or why nobody", () => {
  it("says who and by what", () => {
    expect(resultWords(explanation({ score: { by: "spare_share", spare_units: 3, capacity_units: 10 } }), "Ada")).toBe(
      "Ada, with 3 of 10 units to spare.",
    );
    expect(resultWords(explanation({ score: { by: "least_recent", last_assigned_at: null } }), "Ada")).toBe(
      "Ada, who was never assigned a task before.",
    );
    expect(resultWords(explanation({}), null)).toBe("Somebody.");
  });

  it("says why it was nobody", () => {
    expect(resultWords(explanation({ reason: { kind: "emptied_by", filter: "skills" } }), null)).toBe(
      "Nobody: of those left before, none has the skills that are needed.",
    );
    for (const filter of Object.keys(FILTERS) as (keyof typeof FILTERS)[]) {
      expect(resultWords(explanation({ reason: { kind: "emptied_by", filter } }), null)).not.toContain("undefined");
      expect(mineWords(filter)).toMatch(/\.$/);
    }
  });

  it("counts what each filter took out", () => {
    const left = [
      { filter: "enabled", left: 4 },
      { filter: "presence", left: 1 },
      { filter: "hours", left: 0 },
    ] as const;
    expect(stepsOf(explanation({ left: [...left] })).map((step) => step.out)).toEqual([0, 3, 1]);
  });

  it("lists the eligible first, then by how far they came", () => {
    const member = (name: string, stopped_by: Candidate["stopped_by"]) => ({ name, stopped_by }) as Candidate;
    const sorted = byFilter([member("A", "presence"), member("B", null), member("C", "enabled"), member("D", null)]);
    expect(sorted.map(({ name }) => name).join("")).toBe("BDCA");
  });

  it("says how a queue looks for reviewers", () => {
    expect(seconds(120)).toBe("2 minutes");
    expect(seconds(90)).toBe("90 seconds");
    expect(seconds(86_400)).toBe("1 day");
    const routing = {
      // biome-ignore lint/suspicious/noThenProperty: the API's name for the ranking
      then: "load_balanced",
      sticky_seconds: 3600,
      offer_timeout_seconds: 60,
      ageing_minutes: 30,
      skills: [{ skill: "swedish", min_level: 2, mandatory: false, drop_after_seconds: 600 }],
      weight: 2,
      overflow_queue: "helpers",
      overflow_after_minutes: 60,
      excluded_member_ids: ["mem_1"],
    } as const;
    expect(
      routingWords({ ...routing, skills: [...routing.skills], excluded_member_ids: ["mem_1"] }, "round_robin"),
    ).toEqual([
      "An offer stands for 1 minute.",
      "Asks for the skill swedish from level 2, no longer after 10 minutes of waiting.",
      "A task takes 2 units of capacity.",
      "A task gains a step of priority for every 30 minutes of waiting.",
      "The reviewers of helpers help out after 1 hour.",
      "1 member is never given a task of it.",
    ]);
  });
});

describe("clocks", () => {
  const clock = (more: Partial<SlaClock>): SlaClock => ({
    kind: "total",
    stage: null,
    number: 1,
    state: "running",
    started_at: "2026-01-01T00:00:00Z",
    due_at: "2026-01-01T04:00:00Z",
    target_seconds: 14_400,
    used_seconds: 3_600,
    warned_at_percent: [],
    breached_at: null,
    stopped_at: null,
    ...more,
  });
  const now = Date.parse("2026-01-01T01:00:00Z");

  it("say the time left, and that they warned", () => {
    expect(clockWords(clock({}), now)).toEqual({ text: "3 h left", urgency: "calm" });
    expect(clockWords(clock({ warned_at_percent: [50, 75] }), now)).toEqual({
      text: "3 h left, warned at 75 %",
      urgency: "soon",
    });
  });

  it("say when they were missed, kept or stand still", () => {
    const breached = clock({ state: "breached", breached_at: "2026-01-01T00:10:00Z" });
    expect(clockWords(breached, now)).toEqual({ text: "missed 50 min ago", urgency: "late" });
    expect(clockWords(clock({ state: "met" }), now)?.text).toBe("in time");
    expect(clockWords(clock({ state: "paused", due_at: null }), now)?.text).toBe("paused, 1 h of 4 h used");
    expect(clockWords(clock({ state: "cancelled" }), now)).toBeNull();
  });

  it("have targets by priority", () => {
    expect(targetWords({ default: 240, low: null, normal: null, high: null, urgent: 30 })).toBe(
      "urgent 30 minutes, others 4 hours",
    );
    expect(targetWords({ default: 60, low: null, normal: null, high: null, urgent: null })).toBe("1 hour");
  });

  it("never speak softly of an approval without a review", () => {
    expect(onDeadlineWords({ action: "approve", i_accept_approval_without_review: true })).toContain(
      "WITHOUT A REVIEW",
    );
    expect(
      actionWords({ type: "default_decision", result: "approved", i_accept_approval_without_review: true }, String),
    ).toContain("WITHOUT A REVIEW");
    const outcome = { rule: "deadline_approve_without_review", agreement: null, posterior: null };
    expect(originOf(outcome)).toContain("WITHOUT A REVIEW");
  });
});

describe("escalations", () => {
  it("are said step by step", () => {
    expect(afterWords({ elapsed_minutes: 0 })).toBe("At once");
    expect(afterWords({ business_minutes: 90 })).toBe("After 90 minutes of business time");
    expect(afterWords({ sla_percent: 100 })).toBe("At the deadline");
    const targets = ["queue_lead", { group: "ops" }, { schedule: "night" }, { member: "mem_1" }] as const;
    expect(actionWords({ type: "notify", targets: [...targets], profile: "important" }, () => "Ada")).toBe(
      "tell the queue's leads, the group ops, whoever is on call by night and Ada, as important",
    );
    expect(escalationWords({ steps: [], loops: 1, acknowledge_timeout_minutes: 30, support_hours: "office" })).toBe(
      "One round. Accepting it holds the steps back for 30 minutes. Outside the hours of office steps wait.",
    );
  });
});

describe("outcomes", () => {
  it("say by what they came about, with how many agreed", () => {
    expect(originOf({ rule: "single_review", agreement: null, posterior: null })).toBeNull();
    expect(originOf({ rule: "k_of_n", agreement: 0.667, posterior: null })).toBe(
      "Enough reviewers agreed. Agreement 66.7 %.",
    );
    expect(originOf({ rule: "constructor", agreement: null, posterior: null })).toBeNull();
  });
});

describe("a late review", () => {
  const draft = { ...EMPTY, feedback: "Wrong address" };
  const late = {
    task: { state: "queued" },
    draft,
    leaseId: "lea_1",
    refusal: null,
    heldByOther: false,
    mineIsIn: false,
  } as const;

  it("is one whose place is gone, and in which something was written under a lease", () => {
    expect(isLate(late)).toBe(false);
    expect(isLate({ ...late, heldByOther: true })).toBe(true);
    expect(isLate({ ...late, task: { state: "reviewed" } })).toBe(true);
    for (const code of ["already_decided", "task_leased", "task_assigned"]) {
      expect(isLate({ ...late, refusal: { code } })).toBe(true);
    }
    expect(isLate({ ...late, refusal: { code: "feedback_required" } })).toBe(false);
    expect(isLate({ ...late, heldByOther: true, draft: EMPTY })).toBe(false);
    expect(isLate({ ...late, heldByOther: true, leaseId: null })).toBe(false);
    expect(isLate({ ...late, task: { state: "reviewed" }, mineIsIn: true })).toBe(false);
  });
});

describe("absence and delegation", () => {
  it("need a period that ends after it starts", () => {
    expect(faultOf({ from: "", to: "" })).toBe("Enter from when.");
    expect(faultOf({ from: "2026-07-01T09:00", to: "" })).toBe("Enter until when.");
    expect(faultOf({ from: "2026-07-02T09:00", to: "2026-07-01T09:00" })).toBe("It ends before it starts.");
    expect(periodOf({ from: "2026-07-01T09:00", to: "2026-07-02T09:00" })).not.toBeNull();
    expect(instantOf("yesterday")).toBeNull();
    const at = new Date(2026, 6, 1, 9, 5);
    expect(entryOf(at)).toBe("2026-07-01T09:05");
    expect(instantOf(entryOf(at))).toBe(at.toISOString());
  });

  it("say what a queue lacks", () => {
    expect(lackWords({ kind: "anybody" })).toBe("has nobody");
    expect(lackWords({ kind: "skill", skill: "swedish" })).toBe("has nobody with the skill swedish");
  });

  it("reach whom they name, within their time", () => {
    const delegation = {
      id: "del_1",
      from: "mem_2",
      to: { member: "mem_1" },
      starts_at: "2026-01-01T00:00:00Z",
      ends_at: "2026-01-02T00:00:00Z",
      mode: "always",
      scope: { queue_keys: null, review_types: null },
      include_existing: false,
      reason: null,
      revoked_at: null,
    } as const;
    const noon = Date.parse("2026-01-01T12:00:00Z");
    expect(reaches(delegation, "mem_1", noon)).toBe(true);
    expect(reaches(delegation, "mem_3", noon)).toBe(false);
    expect(reaches(delegation, "mem_1", Date.parse("2026-01-02T00:00:00Z"))).toBe(false);
    expect(reaches({ ...delegation, revoked_at: "2026-01-01T01:00:00Z" }, "mem_1", noon)).toBe(false);
    expect(reaches({ ...delegation, to: { group: "ops" } }, "mem_3", noon)).toBe(true);
    expect(reaches({ ...delegation, to: { group: "ops" } }, "mem_2", noon)).toBe(false);
  });
});

describe("a moment", () => {
  it("has its day of the week, in the zone that it is asked in", () => {
    expect(moment("2026-07-03T14:30:00Z", "Europe/Berlin", "en-GB")).toMatch(/^Fri,? 3 Jul 2026, 16:30$/);
    expect(moment("2026-07-03T14:30:00Z", "No/Where", "en-GB")).toContain("2026");
  });
});
