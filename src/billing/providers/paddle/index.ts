export { createPaddleProvider, type PaddleConfig } from './create-paddle-provider.ts';
