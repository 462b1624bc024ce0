export { fileErrors } from './files.errors.ts';
export { selectFile } from './files.queries.ts';
export { fileKey, type FileRow, fileViewerOf, requireServable } from './files.rules.ts';
export { fileParamsSchema } from './files.schemas.ts';
export { getFile } from './read-files.ts';
