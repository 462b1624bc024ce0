export { createFileSchema, type NewFile } from './incoming-files.schemas.ts';
export { beginUpload, endUpload, giveUp, releaseUpload } from './store-file.ts';
