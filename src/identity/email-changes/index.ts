export { deleteChangesOfUser, deleteRequestedChanges } from './email-changes.queries.ts';
