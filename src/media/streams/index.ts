export type { StreamReason } from './streams.enums.ts';
export { streamChanged } from './streams.events.ts';
export { selectStream } from './streams.queries.ts';
export { isRunning } from './streams.rules.ts';
export type { Stream } from './streams.tables.ts';
