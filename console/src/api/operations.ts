// The reads of review operations: offers, presence, clocks, accounts of assignments, absences and delegations.
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";

/** Asked again this often even when no event says so. */
const SWEEP_MS = 30_000;

/** What is offered to me, longest first. */
export const offersQuery = queryOptions({
  queryKey: ["offer"],
  queryFn: ({ signal }) => answer(client.GET("/me/offer", { signal })),
  refetchInterval: SWEEP_MS,
});

export const availabilityQuery = (id: string) =>
  queryOptions({
    queryKey: ["availability", id],
    queryFn: ({ signal }) => answer(client.GET("/member/{id}/availability", { signal, params: { path: { id } } })),
  });

export const taskSlaQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id, "sla"],
    queryFn: ({ signal }) => answer(client.GET("/task/{id}/sla", { signal, params: { path: { id } } })),
  });

export const explainQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id, "explain"],
    queryFn: ({ signal }) => answer(client.GET("/task/{id}/assignment/explain", { signal, params: { path: { id } } })),
  });

/** The absences that have not ended, of everybody. */
export const absencesQuery = queryOptions({
  queryKey: ["absence"],
  queryFn: ({ signal }) => answer(client.GET("/absence", { signal })),
});

/** The delegations that have not ended, of everybody. */
export const delegationsQuery = queryOptions({
  queryKey: ["delegation"],
  queryFn: ({ signal }) => answer(client.GET("/delegation", { signal })),
});

export const groupsQuery = queryOptions({
  queryKey: ["group"],
  queryFn: ({ signal }) => answer(client.GET("/group", { signal })),
});
