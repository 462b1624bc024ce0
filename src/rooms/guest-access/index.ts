export { hashAddress } from './identify-visitor.ts';
export { requirePassword } from './require-password.ts';
export { type LinkPreview, previewLink } from './validate-link.ts';
