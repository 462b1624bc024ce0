export { countDownload } from './count-download.ts';
export { holdStorage, storedBytes } from './storage.queries.ts';
