export { contactJobs } from './contacts.jobs.ts';
export { contactRoutes } from './contacts.routes.ts';
export { requirePerson } from './contacts.rules.ts';
export { blockEffectSchema } from './contacts.schemas.ts';
