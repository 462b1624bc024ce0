export { mailPeople } from './mail-people.ts';
export { selectPeopleConcerned } from './recording-notices.queries.ts';
