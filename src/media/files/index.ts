export type { ScanStatus } from './files.enums.ts';
export { fileErrors } from './files.errors.ts';
export { fileScanned, fileUploaded } from './files.events.ts';
export { selectFile, selectUpload } from './files.queries.ts';
export { fileKey, type FileRow, fileViewerOf, requireServable } from './files.rules.ts';
export { createFileSchema, fileIdSchema, fileParamsSchema, type NewFile } from './files.schemas.ts';
export { getFile } from './read-files.ts';
export { recordScan, recordScanAttempt, selectStoredFile, selectUnscannedFiles } from './scan.queries.ts';
export { beginUpload, endUpload, releaseUpload } from './store-file.ts';
