// What stands around every screen: the way to the others, who I am, whether the page is live, and the login when a session
// ends in the middle of work (over the screen, so that nothing typed is lost).
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { meQuery, queuesQuery } from "@/api/queries";
import type { Me } from "@/api/types";
import { LoginForm } from "@/features/login/login";
import { ShortcutSheet } from "@/keyboard/sheet";
import { barToQueue, may } from "@/rules";
import { Icon, type IconName } from "@/ui/icon";
import { Modal, preloadModal } from "@/ui/modal";
import { AccountButton } from "./account-button";
import { type Connection, useLive } from "./live";
import { MeProvider } from "./me";
import "./shell.css";

const AccountMenu = lazy(() => import("./account-menu"));

export function Shell() {
  const { data: me } = useQuery(meQuery);
  const [known, setKnown] = useState<Me | null>(me ?? null);
  if (me && me !== known) setKnown(me);
  if (known === null) return null;
  return (
    <MeProvider value={known}>
      <Frame me={known} ended={me === null} />
    </MeProvider>
  );
}

function Frame({ me, ended }: { me: Me; ended: boolean }) {
  const connection = useLive(may(me, "event.read") && !ended);
  useEffect(() => {
    const timer = setTimeout(preloadModal, 1_000);
    return () => clearTimeout(timer);
  }, []);
  const working = useRouterState({ select: (state) => state.location.pathname.endsWith("/review") });
  return (
    <div className={working ? "shell shell--working" : "shell"}>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <Navigation me={me} connection={connection} />
      <main className="shell__main" id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <ShortcutSheet />
      <Modal open={ended} onClose={() => undefined} title="Your session has ended">
        <p className="quiet">Log in again to go on where you are. What you typed is still here.</p>
        <LoginForm email={me.member.email} onDone={() => undefined} />
      </Modal>
    </div>
  );
}

function Navigation({ me, connection }: { me: Me; connection: Connection }) {
  const { data: queues } = useQuery({ ...queuesQuery, enabled: may(me, "queue.read") });
  const waiting = (queues ?? [])
    .filter((queue) => barToQueue(me, queue) === null)
    .reduce((sum, queue) => sum + (queue.open_count ?? 0), 0);
  return (
    <nav className="nav" aria-label="Console">
      <div className="nav__brand">
        <img src="/app/favicon.svg" alt="" width="22" height="22" />
        <span className="nav__organization">{me.organization.name}</span>
      </div>
      <NavLink to="/" icon="turn" label="My turn" count={waiting} exact />
      <NavLink to="/queue" icon="queues" label="Queues" />
      <NavLink to="/task" icon="tasks" label="Tasks" />
      <NavLink to="/settings" icon="settings" label="Settings" />
      <div className="nav__foot">
        <ConnectionLine connection={connection} />
        <Account me={me} />
      </div>
    </nav>
  );
}

/** The menu's code is fetched when it is first asked for: no screen needs it to start. */
function Account({ me }: { me: Me }) {
  const [wanted, setWanted] = useState(false);
  const closed = (
    <button type="button" className="account" title="Account" aria-haspopup="menu" onClick={() => setWanted(true)}>
      <AccountButton me={me} />
    </button>
  );
  return wanted ? (
    <Suspense fallback={closed}>
      <AccountMenu me={me} />
    </Suspense>
  ) : (
    closed
  );
}

interface NavLinkProps {
  to: "/" | "/queue" | "/task" | "/settings";
  icon: IconName;
  label: string;
  count?: number;
  exact?: boolean;
}

function NavLink({ to, icon, label, count = 0, exact = false }: NavLinkProps) {
  return (
    <Link to={to} className="nav__link" activeOptions={{ exact, includeSearch: false }} title={label}>
      <Icon name={icon} />
      <span className="nav__label">{label}</span>
      {count === 0 ? null : (
        <span className="nav__count" title={`${count} open`}>
          {count > 999 ? "999+" : count}
        </span>
      )}
    </Link>
  );
}

const CONNECTIONS: Record<Connection, string> = {
  connecting: "Connecting",
  live: "Live",
  lost: "Reconnecting",
};

function ConnectionLine({ connection }: { connection: Connection }) {
  return (
    <div className={`connection connection--${connection}`} role="status" title="Whether changes arrive by themselves">
      <span className="connection__dot" aria-hidden="true" />
      <span className="nav__label">{CONNECTIONS[connection]}</span>
    </div>
  );
}
