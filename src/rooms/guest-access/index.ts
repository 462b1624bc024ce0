export { type LinkPreview, previewLink } from './validate-link.ts';
export { guestAccessRoutes } from './guest-access.routes.ts';
