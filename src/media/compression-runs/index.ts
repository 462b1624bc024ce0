export type { CopyStore } from './copy-parts.ts';
export { PART_BYTES } from './fetch-copy.ts';
export { CompressionRunner, type CompressionRuntime } from './compression-runner.ts';
