export type { PreviewImageName, ScanStatus } from './files.enums.ts';
export { fileErrors } from './files.errors.ts';
export { fileScanned, fileUploaded } from './files.events.ts';
export { selectFile } from './files.queries.ts';
export { selectFiles } from './list.queries.ts';
export {
  fileKey,
  type FileRow,
  fileViewerOf,
  managedBy,
  keysOf,
  previewKey,
  requireServable,
  restorableSince,
} from './files.rules.ts';
export {
  createFileSchema,
  fileIdSchema,
  fileParamsSchema,
  fileSchema,
  type NewFile,
} from './files.schemas.ts';
export type { Preview, PreviewImage } from './preview.schemas.ts';
export { getFile } from './read-files.ts';
export {
  recordPreview,
  recordPreviewAttempt,
  recordScan,
  recordScanAttempt,
  selectFilesWithoutPreview,
  selectStoredFile,
  selectUnscannedFiles,
} from './processing.queries.ts';
export { beginUpload, endUpload, giveUp, releaseUpload } from './store-file.ts';
export { deleteOver, selectExisting, selectFilesThatAreOver } from './sweep.queries.ts';
export { extendUpload, selectOpenUploads, selectUpload } from './upload.queries.ts';
