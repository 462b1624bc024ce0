import type { KeyValueStorage } from '../src/kernel/durable/index.ts';

/**
 * The storage of an object whose writes hold back nothing that is sent: they become durable a moment later, and a crash may lose the last of
 * them. All of them are seen at once.
 */
export function createQuickStorage(state: DurableObjectState): KeyValueStorage {
  const { storage } = state;
  const options = { allowUnconfirmed: true };
  return {
    get: (key) => storage.kv.get(key),
    list: (range) => storage.kv.list(range),
    put: (key, value) => state.waitUntil(storage.put(key, value, options)),
    delete(key) {
      const isThere = storage.kv.get(key) !== undefined;
      state.waitUntil(storage.delete(key, options));
      return isThere;
    },
  };
}
