export { deleteExpiredSamples } from './store-samples.ts';
export { qualityFrames } from './quality.frames.ts';
export { readObservations } from './read-quality.ts';
