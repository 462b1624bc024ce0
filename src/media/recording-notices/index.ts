export { type FailureKind, mailPeople, type PersonConcerned } from './mail-people.ts';
export { selectPeopleConcerned } from './recording-notices.queries.ts';
