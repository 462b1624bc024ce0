export { GenerationRunner, type GenerationRuntime } from './generation-runner.ts';
