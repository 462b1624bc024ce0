export { captionsKept } from './captions.events.ts';
export { createCaptioner } from './create-captioner.ts';
