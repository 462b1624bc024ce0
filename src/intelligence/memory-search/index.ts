export { type Recall, recallMemories } from './recall-memories.ts';
export type { MemoryEmbeddings } from './memory-search.ports.ts';
export { DIMENSIONS } from './memory-search.rules.ts';
