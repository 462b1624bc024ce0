export { type Opening, openLink } from './validate-link.ts';
export { visitRoutes } from './visits.routes.ts';
