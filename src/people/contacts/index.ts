export { contactRoutes } from './contacts.routes.ts';
export { requirePerson } from './contacts.rules.ts';
export { contactBlockedEventSchema } from './contacts.schemas.ts';
export * from './contacts.events.ts';
