export { qualityReported } from './quality.events.ts';
export { type StoredSample, unpackSamples } from './sample-packing.rules.ts';
export { deleteExpiredSamples } from './store-samples.ts';
export { qualityFrames } from './quality.frames.ts';
export { readObservations } from './read-quality.ts';
