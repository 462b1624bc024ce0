export { countDownload } from './count-download.ts';
export { holdStorage, holdStorageLeft } from './storage.queries.ts';
