export { mailPeople } from './mail-people.ts';
