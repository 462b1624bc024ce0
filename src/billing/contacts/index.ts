export { selectContacts } from './contacts.queries.ts';
export { type BillingContact, mailContacts, MAX_CONTACTS } from './mail-contacts.ts';
