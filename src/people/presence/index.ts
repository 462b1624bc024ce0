export { notifyWatchers } from './notify-watchers.ts';
export { selectUsersInCalls, selectPresence } from './presence.queries.ts';
export { presenceRoutes } from './presence.routes.ts';
export { canSeePresence, type StoredPresence, presenceAt } from './presence.rules.ts';
export * from './presence.events.ts';
