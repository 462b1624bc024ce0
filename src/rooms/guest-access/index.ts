export { type LinkPreview, previewLink } from './validate-link.ts';
