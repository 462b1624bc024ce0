export { requirePerson } from './contacts.rules.ts';
export * from './contacts.events.ts';
