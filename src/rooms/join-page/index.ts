export type { PageFiles, Pages } from './join-page.ports.ts';
