// What the account's button shows, also while its menu is still being fetched: who I am and whether I am there.
import type { Me } from "@/api/types";
import { PresenceMark, usePresence } from "./presence";

export function AccountButton({ me }: { me: Me }) {
  const presence = usePresence(me);
  const name = me.member.name || me.member.email;
  return (
    <>
      <span className="account__initials" aria-hidden="true">
        {initials(name)}
        {presence === null ? null : <span className={`account__mark account__mark--${presence}`} />}
      </span>
      <span className="nav__label account__who">
        <span className="account__name">{name}</span>
        {presence === null ? null : <PresenceMark presence={presence} />}
      </span>
    </>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase() ?? "")
    .join("");
}
