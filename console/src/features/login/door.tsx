// The frame of the screens before the console: one card in the middle.
import type { ReactNode } from "react";
import "./login.css";

export function Door({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="door">
      <div className="door__card">
        <img src="/app/favicon.svg" alt="" width="36" height="36" />
        <h1 className="door__title">{title}</h1>
        {children}
      </div>
    </main>
  );
}
