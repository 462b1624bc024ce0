export { deletionRequested, userErased } from './account-deletion.events.ts';
export { ERASED_NAME } from './account-deletion.rules.ts';
