export { type PageNeeds } from './page-headers.rules.ts';
export type { PageFiles, PageName, Pages } from './pages.ports.ts';
export { presentPage, redirectTo } from './present-page.ts';
export { renderShell } from './render-shell.ts';
