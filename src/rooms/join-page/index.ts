export type { PageFiles, Pages } from './join-page.ports.ts';
export { joinPageRoutes } from './join-page.routes.ts';
