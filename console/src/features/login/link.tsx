// A one-time login link. Opening the page does nothing: the person presses the button, and only then is the link used up.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link as RouterLink, useNavigate } from "@tanstack/react-router";
import { answer, client } from "@/api/client";
import { asPerson, meQuery } from "@/api/queries";
import { Button } from "@/ui/button";
import { Complaint } from "@/ui/states";
import { Door } from "./door";
import { isNewcomer } from "./newcomer";
import { useSecret } from "./secret";

export function Link() {
  const token = useSecret();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const exchange = useMutation({
    mutationFn: async () => asPerson(await answer(client.POST("/login/link", { body: { token } }))),
    onSuccess: (me) => {
      cache.clear();
      cache.setQueryData(meQuery.queryKey, me);
      navigate({ to: isNewcomer(me) ? "/welcome" : "/" });
    },
  });
  if (token === "") {
    return (
      <Door title="This link is not whole">
        <p className="quiet">A login link ends in “#” and a long code. Copy all of it, or ask for a new one.</p>
        <RouterLink to="/login" className="button button--plain button--large">
          Log in with a password
        </RouterLink>
      </Door>
    );
  }
  return (
    <Door title="Log in with this link">
      <p className="quiet">The link works once. Pressing the button uses it and logs this browser in.</p>
      <Complaint error={exchange.error} />
      <Button kind="primary" size="large" busy={exchange.isPending} onClick={() => exchange.mutate()}>
        Log in
      </Button>
    </Door>
  );
}
