export { notifyWatchers } from './notify-watchers.ts';
export { selectUsersInCalls, selectPresence } from './presence.queries.ts';
export { canSeePresence, type StoredPresence, presenceAt } from './presence.rules.ts';
export * from './presence.events.ts';
