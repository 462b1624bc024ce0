export { getDownload } from './get-download.ts';
export { storageErrors } from './recording-downloads.routes.ts';
export { findDownload } from './require-file.ts';
