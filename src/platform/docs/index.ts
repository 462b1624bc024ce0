export { html, type Html } from './html.ts';
