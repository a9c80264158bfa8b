// The frame of the settings: what is mine, and for administrators what is everybody's.
import { Link, Outlet } from "@tanstack/react-router";
import { useMe } from "@/features/shell/me";
import { may } from "@/rules";
import "./settings.css";

export function Settings() {
  const me = useMe();
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">Settings</h1>
      </header>
      <div className="settings">
        <nav className="settings__nav" aria-label="Settings">
          <h2 className="settings__group">Mine</h2>
          <Link to="/settings/account" className="settings__link">
            Account
          </Link>
          <Link to="/settings/absence" className="settings__link">
            Absence
          </Link>
          <Link to="/settings/sessions" className="settings__link">
            Sessions
          </Link>
          <Link to="/settings/tokens" className="settings__link">
            Access tokens
          </Link>
          {may(me, "member.read") || may(me, "key.manage") ? (
            <h2 className="settings__group">{me.organization.name}</h2>
          ) : null}
          {may(me, "member.read") ? (
            <Link to="/settings/members" className="settings__link">
              Members
            </Link>
          ) : null}
          {may(me, "key.manage") ? (
            <Link to="/settings/keys" className="settings__link">
              API keys
            </Link>
          ) : null}
        </nav>
        <div className="settings__main">
          <Outlet />
        </div>
      </div>
    </div>
  );
}
