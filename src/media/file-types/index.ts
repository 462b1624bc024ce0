export { detectFileType, type ReadBytes } from './detect-file-type.ts';
export { isShownInline } from './file-types.rules.ts';
