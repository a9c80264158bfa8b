// What the account's button shows, also while its menu is still being fetched.
import type { Me } from "@/api/types";

export function AccountButton({ me }: { me: Me }) {
  const name = me.member.name || me.member.email;
  return (
    <>
      <span className="account__initials" aria-hidden="true">
        {initials(name)}
      </span>
      <span className="nav__label account__name">{name}</span>
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
