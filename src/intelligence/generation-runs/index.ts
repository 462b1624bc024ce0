export { GenerationPool } from './generation-pool.ts';
export type { GenerationRuntime } from './generation-runtime.ts';
