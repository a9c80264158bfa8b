// The roles in words.
import type { Role } from "@/api/types";

export const ROLES: readonly { value: Role; label: string; deeds: string }[] = [
  { value: "owner", label: "Owner", deeds: "everything, and who owns the organization" },
  { value: "admin", label: "Admin", deeds: "everything but ownership" },
  { value: "reviewer", label: "Reviewer", deeds: "reviews tasks" },
  { value: "auditor", label: "Auditor", deeds: "reads everything, changes nothing" },
];
