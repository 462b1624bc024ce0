export type { PreviewImageName, ScanStatus } from './files.enums.ts';
export { fileErrors } from './files.errors.ts';
export { fileDeleted, fileScanned, fileUpdated, fileUploaded } from './files.events.ts';
export { presentFile } from './files.present.ts';
export { isLive, isOpenTo, selectFile } from './files.queries.ts';
export { selectFiles } from './list.queries.ts';
export {
  fileKey,
  type FileRow,
  type FileViewer,
  fileViewerOf,
  firstPreviewStatus,
  managedBy,
  mayChange,
  keysOf,
  previewKey,
  previewKindOf,
  requireRoomFor,
  requireServable,
  restorableSince,
  sharerOf,
} from './files.rules.ts';
export { fileExample, fileIdSchema, fileParamsSchema, fileSchema } from './files.schemas.ts';
export type { Preview, PreviewImage } from './preview.schemas.ts';
export { getFile } from './read-files.ts';
export {
  recordPreview,
  recordPreviewAttempt,
  recordScan,
  recordScanAttempt,
  replaceBytes,
  selectFilesWithoutPreview,
  selectStoredFile,
  selectUnscannedFiles,
} from './processing.queries.ts';
export { deleteOver, selectExisting, selectFilesThatAreOver } from './sweep.queries.ts';
export {
  deleteUpload,
  extendUpload,
  finishUpload,
  insertUpload,
  requireOpenRoom,
  selectOpenUploads,
  selectUpload,
} from './upload.queries.ts';
