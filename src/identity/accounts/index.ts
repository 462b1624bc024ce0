export { accountErrors } from './accounts.errors.ts';
export { accountJobs } from './accounts.jobs.ts';
export { authRoutes } from './accounts.routes.ts';
export { forgetExpiredSignIns } from './forget-expired.ts';
export { userRoutes } from './users.routes.ts';
