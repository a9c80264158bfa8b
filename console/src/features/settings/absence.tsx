// When I am away, who decides in my place, and what would be left without anybody.
import { useQuery } from "@tanstack/react-query";
import { absencesQuery, delegationsQuery } from "@/api/operations";
import { Failed, LoadingRows } from "@/ui/states";
import { Absences } from "./absences";
import { Delegations } from "./delegations";
import "./absence.css";

export function AbsenceAndDelegation() {
  const absences = useQuery(absencesQuery);
  const delegations = useQuery(delegationsQuery);
  if (absences.isPending || delegations.isPending) return <LoadingRows label="Absence and delegation" rows={4} />;
  if (absences.data === undefined || delegations.data === undefined) {
    return (
      <Failed
        error={absences.error ?? delegations.error}
        what="Absence and delegation"
        onRetry={() => {
          absences.refetch();
          delegations.refetch();
        }}
      />
    );
  }
  return (
    <>
      <Absences absences={absences.data} delegations={delegations.data} />
      <Delegations delegations={delegations.data} />
    </>
  );
}
