export type { MemoryEmbeddings } from './memory-search.ports.ts';
