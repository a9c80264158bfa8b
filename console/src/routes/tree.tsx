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
import { keepTitle } from "./title";

const root = createRootRouteWithContext<{ cache: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  staticData: { title: "Log in" },
  validateSearch: loginSearch,
  component: Login,
});
const link = createRoute({
  getParentRoute: () => root,
  path: "/link",
  staticData: { title: "Login link" },
  component: Link,
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  staticData: { title: "Invitation" },
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

const turn = createRoute({
  getParentRoute: () => shell,
  path: "/",
  staticData: { title: "My turn" },
  validateSearch: turnSearch,
  component: Turn,
});
const welcome = createRoute({
  getParentRoute: () => shell,
  path: "/welcome",
  staticData: { title: "Welcome" },
  component: lazyRouteComponent(() => import("@/features/login/welcome"), "Welcome"),
});
const queues = createRoute({
  getParentRoute: () => shell,
  path: "/queue",
  staticData: { title: "Queues" },
  component: lazyRouteComponent(() => import("@/features/queues/queues"), "Queues"),
});
const queueNew = createRoute({
  getParentRoute: () => shell,
  path: "/queue/new",
  staticData: { title: "New queue" },
  component: lazyRouteComponent(() => import("@/features/queues/edit"), "CreateQueue"),
});
const queue = createRoute({
  getParentRoute: () => shell,
  path: "/queue/$key",
  staticData: { title: ({ key }) => `Queue ${key}` },
  validateSearch: queueSearch,
  component: lazyRouteComponent(() => import("@/features/queues/queue"), "QueuePage"),
});
const queueEdit = createRoute({
  getParentRoute: () => shell,
  path: "/queue/$key/edit",
  staticData: { title: ({ key }) => `Edit queue ${key}` },
  component: lazyRouteComponent(() => import("@/features/queues/edit"), "EditQueue"),
});
const queueRules = createRoute({
  getParentRoute: () => shell,
  path: "/queue/$key/rules",
  staticData: { title: ({ key }) => `How queue ${key} works` },
  component: lazyRouteComponent(() => import("@/features/queues/rules/rules"), "QueueRules"),
});
const review = createRoute({
  getParentRoute: () => shell,
  path: "/review",
  staticData: { title: "Review" },
  validateSearch: reviewSearch,
  component: lazyRouteComponent(() => import("@/features/review/workspace"), "Workspace"),
});
const tasks = createRoute({
  getParentRoute: () => shell,
  path: "/task",
  staticData: { title: "Tasks" },
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import("@/features/tasks/tasks"), "Tasks"),
});
const task = createRoute({
  getParentRoute: () => shell,
  path: "/task/$id",
  staticData: { title: ({ id }) => `Task ${id}` },
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
  staticData: { title: "Account" },
  component: lazyRouteComponent(() => import("@/features/settings/account"), "Account"),
});
const sessions = createRoute({
  getParentRoute: () => settings,
  path: "/sessions",
  staticData: { title: "Sessions" },
  component: lazyRouteComponent(() => import("@/features/settings/sessions"), "Sessions"),
});
const absence = createRoute({
  getParentRoute: () => settings,
  path: "/absence",
  staticData: { title: "Absence and delegation" },
  component: lazyRouteComponent(() => import("@/features/settings/absence"), "AbsenceAndDelegation"),
});
const tokens = createRoute({
  getParentRoute: () => settings,
  path: "/tokens",
  staticData: { title: "Access tokens" },
  component: lazyRouteComponent(() => import("@/features/settings/tokens"), "Tokens"),
});
const members = createRoute({
  getParentRoute: () => settings,
  path: "/members",
  staticData: { title: "Members" },
  component: lazyRouteComponent(() => import("@/features/settings/members"), "Members"),
});
const keys = createRoute({
  getParentRoute: () => settings,
  path: "/keys",
  staticData: { title: "API keys" },
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
    queueRules,
    review,
    tasks,
    task,
    settings.addChildren([settingsHome, account, absence, sessions, tokens, members, keys]),
  ]),
]);

export function makeRouter(cache: QueryClient) {
  const router = createRouter({
    routeTree: tree,
    basepath: "/app",
    context: { cache },
    defaultPreload: "intent",
    defaultErrorComponent: RouteFailed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
  keepTitle(router);
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
