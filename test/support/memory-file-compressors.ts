import type { Services } from '../../src/kernel/context/index.ts';
import type { FileCompressors } from '../../src/media/file-compressions/index.ts';
import { type CopyStore, CompressionRunner } from '../../src/media/compression-runs/index.ts';
import type { MemoryObjects } from './memory-objects.ts';
import { MemoryKeyValueStorage } from './memory-storage.ts';
import { MemoryParts } from './memory-uploads.ts';

interface MemoryCompressor {
  runner: CompressionRunner;
  storage: MemoryKeyValueStorage;
  /** When its alarm rings; Infinity for never. */
  atMs: number;
}

/** The live objects of compressions in memory: the same core as in production, with small parts. */
export interface MemoryFileCompressors extends FileCompressors {
  /** Replaced by tests that make calls fail. */
  store: CopyStore;
  /** The alarms that are due ring, and those that they set, until none is due. */
  ring(): Promise<void>;
  /** When the next alarm rings; Infinity when none is set. */
  nextAtMs(): number;
  /** Whether the object of a compression has something in its storage. */
  has(compressionId: string): boolean;
  /** How many copies have parts in object storage that make no object yet. */
  openParts(): number;
}

export function createMemoryFileCompressors(
  objects: MemoryObjects,
  services: () => Services,
): MemoryFileCompressors {
  const parts = new MemoryParts(objects);
  const compressions = new Map<string, MemoryCompressor>();
  const create = (): MemoryCompressor => {
    const storage = new MemoryKeyValueStorage();
    const compression: MemoryCompressor = { storage, atMs: Infinity, runner: undefined as never };
    compression.runner = new CompressionRunner({
      storage,
      get store() {
        return live.store;
      },
      partBytes: 1_000,
      services,
      wakeAt: (atMs) => (compression.atMs = Math.min(compression.atMs, atMs)),
      setNext: (atMs) => (compression.atMs = atMs),
    });
    return compression;
  };
  const ringOne = async (compressionId: string, compression: MemoryCompressor) => {
    compression.atMs = Infinity;
    if (!(await compression.runner.run())) compressions.delete(compressionId);
  };
  const live: MemoryFileCompressors = {
    store: parts,
    async wake(key) {
      const compression = compressions.get(key.compressionId) ?? create();
      compressions.set(key.compressionId, compression);
      compression.runner.wake(key);
    },
    async ring() {
      const due = () => [...compressions].filter(([, { atMs }]) => atMs <= services().clock.now());
      for (let all = due(); all.length > 0; all = due())
        for (const [compressionId, compression] of all) await ringOne(compressionId, compression);
    },
    nextAtMs: () => Math.min(Infinity, ...[...compressions.values()].map(({ atMs }) => atMs)),
    has: (compressionId) => compressions.has(compressionId),
    openParts: () => parts.uploads.size,
  };
  return live;
}
