// What stands in the place of a screen that is not there or that broke.
import { Link as RouterLink, useRouter } from "@tanstack/react-router";
import { Empty, Failed } from "@/ui/states";

export function NotFound() {
  return (
    <main className="page">
      <Empty
        icon="search"
        heading="page"
        title="There is nothing at this address"
        action={
          <RouterLink to="/" className="button button--plain button--normal">
            To my turn
          </RouterLink>
        }
      >
        What stood here may have been removed, or the address was cut off.
      </Empty>
    </main>
  );
}

export function RouteFailed({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <main className="page">
      <Failed error={error} what="This screen" onRetry={() => router.invalidate()} />
    </main>
  );
}
