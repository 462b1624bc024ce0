export { findAsker } from './caption-costs.ts';
export { captionErrors } from './captions.errors.ts';
export { captionsKept } from './captions.events.ts';
export { createCaptioner } from './create-captioner.ts';
export { closeSpoken, type SpokenEnd } from './end-captions.ts';
export { requireReporting } from './report-token.ts';
