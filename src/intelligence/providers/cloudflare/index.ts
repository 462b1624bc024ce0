export { createWorkersAi, type WorkersAiBinding } from './create-workers-ai.ts';
