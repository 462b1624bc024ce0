export { MEMORY_SCOPES, type MemoryScope } from './memory-scopes.enums.ts';
export { type MemoryOwner, ownerOf } from './memory-scopes.rules.ts';
