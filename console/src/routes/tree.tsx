// Every address of the console. A route names its screen, what its address may carry, and what it needs before it shows.
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "@/api/queries";
import { Link } from "@/features/login/link";
import { Login } from "@/features/login/login";
import { Shell } from "@/features/shell/shell";
import { Turn } from "@/features/turn/turn";
import { NotFound, RouteFailed } from "./fallbacks";
import { loginSearch, queueSearch, reviewSearch, taskSearch, tasksSearch, turnSearch } from "./search";

const root = createRootRouteWithContext<{ cache: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: loginSearch,
  component: Login,
});
const link = createRoute({ getParentRoute: () => root, path: "/link", component: Link });
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("@/features/login/invitation"), "Invitation"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const me = await context.cache.ensureQueryData(meQuery);
    if (me === null)
      throw redirect({ to: "/login", search: { next: location.href === "/" ? undefined : location.href } });
  },
});

const turn = createRoute({ getParentRoute: () => shell, path: "/", validateSearch: turnSearch, component: Turn });
const welcome = createRoute({
  getParentRoute: () => shell,
  path: "/welcome",
  component: lazyRouteComponent(() => import("@/features/login/welcome"), "Welcome"),
});
const queues = createRoute({
  getParentRoute: () => shell,
  path: "/queue",
  component: lazyRouteComponent(() => import("@/features/queues/queues"), "Queues"),
});
const queueNew = createRoute({
  getParentRoute: () => shell,
  path: "/queue/new",
  component: lazyRouteComponent(() => import("@/features/queues/edit"), "CreateQueue"),
});
const queue = createRoute({
  getParentRoute: () => shell,
  path: "/queue/$key",
  validateSearch: queueSearch,
  component: lazyRouteComponent(() => import("@/features/queues/queue"), "QueuePage"),
});
const queueEdit = createRoute({
  getParentRoute: () => shell,
  path: "/queue/$key/edit",
  component: lazyRouteComponent(() => import("@/features/queues/edit"), "EditQueue"),
});
const review = createRoute({
  getParentRoute: () => shell,
  path: "/review",
  validateSearch: reviewSearch,
  component: lazyRouteComponent(() => import("@/features/review/workspace"), "Workspace"),
});
const tasks = createRoute({
  getParentRoute: () => shell,
  path: "/task",
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import("@/features/tasks/tasks"), "Tasks"),
});
const task = createRoute({
  getParentRoute: () => shell,
  path: "/task/$id",
  validateSearch: taskSearch,
  component: lazyRouteComponent(() => import("@/features/tasks/task"), "TaskPage"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/features/settings/settings"), "Settings"),
});
const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/account" });
  },
});
const account = createRoute({
  getParentRoute: () => settings,
  path: "/account",
  component: lazyRouteComponent(() => import("@/features/settings/account"), "Account"),
});
const sessions = createRoute({
  getParentRoute: () => settings,
  path: "/sessions",
  component: lazyRouteComponent(() => import("@/features/settings/sessions"), "Sessions"),
});
const tokens = createRoute({
  getParentRoute: () => settings,
  path: "/tokens",
  component: lazyRouteComponent(() => import("@/features/settings/tokens"), "Tokens"),
});
const members = createRoute({
  getParentRoute: () => settings,
  path: "/members",
  component: lazyRouteComponent(() => import("@/features/settings/members"), "Members"),
});
const keys = createRoute({
  getParentRoute: () => settings,
  path: "/keys",
  component: lazyRouteComponent(() => import("@/features/settings/keys"), "ApiKeys"),
});

const tree = root.addChildren([
  login,
  link,
  invitation,
  shell.addChildren([
    turn,
    welcome,
    queues,
    queueNew,
    queue,
    queueEdit,
    review,
    tasks,
    task,
    settings.addChildren([settingsHome, account, sessions, tokens, members, keys]),
  ]),
]);

export function makeRouter(cache: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: "/app",
    context: { cache },
    defaultPreload: "intent",
    defaultErrorComponent: RouteFailed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
