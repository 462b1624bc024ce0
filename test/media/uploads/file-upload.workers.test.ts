import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createUploads } from '../../../durable-objects/stubs.ts';
import type { UploadPlan } from '../../../src/media/uploads/index.ts';

const MIB = 1024 * 1024;
const uploads = createUploads(env.FILE_UPLOAD);

let count = 0;
function createPlan(sizeBytes: number): { fileId: string; plan: UploadPlan } {
  const fileId = `file-${++count}`;
  const plan = {
    key: `files/org/${fileId}`,
    sizeBytes,
    contentType: 'text/plain',
    endsAtMs: Date.now() + 60_000,
  };
  return { fileId, plan };
}

/** Bytes in which each place differs from the next ones. */
const createBytes = (size: number) => {
  const words = new Uint32Array(size / 4);
  for (let at = 0; at < words.length; at++) words[at] = at * 2_654_435_761;
  return new Uint8Array(words.buffer);
};

/** A stream of bytes as a request brings it; with an error at its end when the connection breaks. */
const streamOf = (bytes: Uint8Array, breaks = false) => {
  let at = 0;
  const source = {
    type: 'bytes',
    pull(controller: ReadableByteStreamController) {
      if (at === bytes.length) {
        if (breaks) controller.error(new Error('the connection broke'));
        else controller.close();
        return;
      }
      const end = Math.min(at + 300_000, bytes.length);
      controller.enqueue(bytes.slice(at, end));
      at = end;
    },
  };
  return new ReadableStream<Uint8Array>(source as unknown as UnderlyingSource<Uint8Array>);
};

const objectOf = (fileId: string) => env.FILE_UPLOAD.getByName(fileId);
const countKeys = (fileId: string) =>
  runInDurableObject(objectOf(fileId), (_, { storage }) => [...storage.kv.list()].length);
const readObject = async (key: string) => {
  const object = await env.OBJECTS.get(key);
  return object && new Uint8Array(await object.arrayBuffer());
};
/** Compared by a hash: a difference of megabytes cannot be shown. */
const hashOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).join();

describe('the object of an upload', () => {
  it('keeps what came before a connection broke and an eviction, and puts the parts together', async () => {
    const bytes = createBytes(19 * MIB);
    const { fileId, plan } = createPlan(bytes.length);
    const broken = await uploads.append(fileId, plan, 0, streamOf(bytes.slice(0, 9 * MIB + 12), true));
    expect(broken).toMatchObject({ kind: 'appended', state: { offset: 9 * MIB + 12, isComplete: false } });
    await evictDurableObject(objectOf(fileId));
    expect(await uploads.append(fileId, plan, 8 * MIB, streamOf(bytes.slice(0, 10)))).toMatchObject({
      kind: 'conflict',
    });
    const rest = await uploads.append(fileId, plan, 9 * MIB + 12, streamOf(bytes.slice(9 * MIB + 12)));
    expect(rest).toEqual({
      kind: 'appended',
      state: { offset: bytes.length, isComplete: true, checksum: null },
    });
    await evictDurableObject(objectOf(fileId));
    expect(await uploads.state(fileId, plan)).toMatchObject({ isComplete: true });
    expect(await hashOf((await readObject(plan.key))!)).toBe(await hashOf(bytes));
    await uploads.end(fileId);
    expect(await countKeys(fileId)).toBe(0);
    expect(await env.OBJECTS.head(plan.key)).not.toBeNull();
  });

  it('stores a small file whole, with its checksum', async () => {
    const { fileId, plan } = createPlan(5);
    const { state } = await uploads.append(fileId, plan, 0, streamOf(new TextEncoder().encode('hello')));
    expect(state.checksum).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
  });

  it('forgets an upload at its end, with its parts', async () => {
    const { fileId, plan } = createPlan(20 * MIB);
    await uploads.append(fileId, plan, 0, streamOf(createBytes(9 * MIB)));
    await evictDurableObject(objectOf(fileId));
    expect(await runDurableObjectAlarm(objectOf(fileId))).toBe(true);
    expect(await countKeys(fileId)).toBe(0);
    expect(await uploads.state(fileId, plan)).toMatchObject({ offset: 0, isComplete: false });
  });
});
