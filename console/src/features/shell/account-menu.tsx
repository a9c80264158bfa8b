// My name, whether I am there, the theme and the way out.
import { Menu } from "@base-ui/react/menu";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { answer, client } from "@/api/client";
import { meQuery } from "@/api/queries";
import type { Me, Presence } from "@/api/types";
import { type Theme, usePreference } from "@/preferences";
import { Icon } from "@/ui/icon";
import { AccountButton } from "./account-button";
import { PRESENCES, PresenceMark, usePresence, useSetPresence } from "./presence";

export default function AccountMenu({ me }: { me: Me }) {
  const [theme, setTheme] = usePreference("theme");
  const presence = usePresence(me);
  const setPresence = useSetPresence(me);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const logout = useMutation({
    mutationFn: () => answer(client.POST("/logout")),
    onSuccess: async () => {
      await navigate({ to: "/login" });
      cache.clear();
      cache.setQueryData(meQuery.queryKey, null);
    },
  });
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger className="account" title="Account">
        <AccountButton me={me} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" align="start" sideOffset={6} className="menu-positioner">
          <Menu.Popup className="menu">
            <div className="menu__head">
              <div>{me.member.name}</div>
              <div className="quiet">
                {me.member.email} · {me.member.role}
              </div>
            </div>
            <Menu.Group>
              <Menu.GroupLabel className="menu__label">Presence</Menu.GroupLabel>
              <Menu.RadioGroup value={presence} onValueChange={(value) => setPresence(value as Presence)}>
                {(Object.keys(PRESENCES) as Presence[]).map((choice) => (
                  <Menu.RadioItem key={choice} value={choice} className="menu__item" title={PRESENCES[choice].about}>
                    <span className="menu__tick">
                      <Menu.RadioItemIndicator>
                        <Icon name="turn" size={14} />
                      </Menu.RadioItemIndicator>
                    </span>
                    <PresenceMark presence={choice} />
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
            </Menu.Group>
            <Menu.Item className="menu__item" onClick={() => navigate({ to: "/settings/absence" })}>
              <span className="menu__tick" />
              Absence and delegation
            </Menu.Item>
            <Menu.Separator className="menu__line" />
            <Menu.Group>
              <Menu.GroupLabel className="menu__label">Theme</Menu.GroupLabel>
              <Menu.RadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
                {(["system", "light", "dark"] as const).map((choice) => (
                  <Menu.RadioItem key={choice} value={choice} className="menu__item">
                    <span className="menu__tick">
                      <Menu.RadioItemIndicator>
                        <Icon name="turn" size={14} />
                      </Menu.RadioItemIndicator>
                    </span>
                    {choice === "system" ? "As the system" : choice === "light" ? "Light" : "Dark"}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
            </Menu.Group>
            <Menu.Separator className="menu__line" />
            <Menu.Item className="menu__item" onClick={() => navigate({ to: "/settings/account" })}>
              <span className="menu__tick" />
              Settings
            </Menu.Item>
            <Menu.Item className="menu__item" onClick={() => logout.mutate()}>
              <span className="menu__tick" />
              Log out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
