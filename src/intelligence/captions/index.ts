export { createCaptioner } from './create-captioner.ts';
