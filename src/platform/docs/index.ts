export type { ReferenceFiles, ReferencePages } from './docs.ports.ts';
