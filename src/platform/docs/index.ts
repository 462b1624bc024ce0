export { documentationRoutes } from './docs.routes.ts';
export { html, type Html } from './html.ts';
