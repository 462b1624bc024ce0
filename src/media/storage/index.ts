export { countDownload } from './count-download.ts';
export { holdStorage } from './storage.queries.ts';
