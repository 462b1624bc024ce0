export type { PartSizes } from './upload-parts.ts';
export { UploadSession } from './upload-session.ts';
export type { AppendOutcome, PartStore, UploadPlan, Uploads, UploadState } from './uploads.ports.ts';
