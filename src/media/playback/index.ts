export { readPlaybackToken } from './playback-token.ts';
export { playbackErrors } from './playback.errors.ts';
export { playbackTokenExample, playbackTokenSchema } from './playback.schemas.ts';
