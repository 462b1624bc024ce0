export { type LinkPreview, previewLink } from './validate-link.ts';
export { guestAccessRoutes } from './visits.routes.ts';
