export { readPlaybackToken } from './playback-token.ts';
export { replaceTopics } from './playback.queries.ts';
export type { Topic } from './playback.rules.ts';
export { playbackErrors } from './playback.errors.ts';
export { playbackTokenExample, playbackTokenSchema } from './playback.schemas.ts';
