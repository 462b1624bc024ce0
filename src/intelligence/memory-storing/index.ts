export { storeMemories } from './store-memories.ts';
