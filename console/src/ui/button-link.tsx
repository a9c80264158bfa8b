// A button that leads to another screen: a link, unless it is barred.
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "./button";

interface Props {
  to: LinkProps["to"];
  search?: LinkProps["search"];
  params?: LinkProps["params"];
  bar: string | null;
  kind?: "plain" | "primary";
  children: ReactNode;
}

export function ButtonLink({ to, search, params, bar, kind = "plain", children }: Props) {
  if (bar !== null) {
    return (
      <Button kind={kind} bar={bar}>
        {children}
      </Button>
    );
  }
  const where = { to, search, params } as LinkProps;
  return (
    <Link {...where} className={`button button--${kind} button--normal`}>
      {children}
    </Link>
  );
}
