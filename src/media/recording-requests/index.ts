export { selectLinkOf } from './recording-requests.queries.ts';
