// Who I am, for every screen inside the shell.
import { createContext, useContext } from "react";
import type { Me } from "@/api/types";

const Context = createContext<Me | null>(null);

export const MeProvider = Context.Provider;

/** The person logged in. Only inside the shell, which shows nothing before it knows. */
export function useMe(): Me {
  const me = useContext(Context);
  if (me === null) throw new Error("useMe is for screens inside the shell");
  return me;
}
