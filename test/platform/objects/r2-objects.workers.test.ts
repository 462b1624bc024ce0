import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/kernel/core/index.ts';
import {
  createTextStream,
  IncompleteStream,
  objectKey,
  readText,
} from '../../../src/platform/objects/index.ts';
import { createR2ObjectStore } from '../../../workers/r2-object-store.ts';

const objects = createR2ObjectStore(() => env.OBJECTS);
const keyOf = (name: string) => objectKey('test', 'org_one', name);

async function* pieces(count: number, size: number): AsyncGenerator<string> {
  for (let index = 0; index < count; index++) yield String(index % 10).repeat(size);
}

describe('object storage', () => {
  it('returns a stored object with size, type and checksum', async () => {
    const put = await objects.put(keyOf('a.txt'), 'hello', { contentType: 'text/plain' });
    expect(put).toMatchObject({
      key: keyOf('a.txt'),
      sizeBytes: 5,
      contentType: 'text/plain',
      checksum: await sha256Hex('hello'),
    });
    const got = await objects.get(keyOf('a.txt'));
    expect(await readText(got!.body)).toBe('hello');
    expect(await objects.head(keyOf('a.txt'))).toEqual(put);
    await objects.delete([keyOf('a.txt'), keyOf('never-there')]);
    expect(await objects.get(keyOf('a.txt'))).toBeNull();
    expect(await objects.head(keyOf('a.txt'))).toBeNull();
  });

  it('does not overwrite an object with `onlyIfAbsent`', async () => {
    const options = { contentType: 'text/plain', onlyIfAbsent: true };
    expect(await objects.put(keyOf('once'), 'first', options)).not.toBeNull();
    expect(await objects.put(keyOf('once'), 'second', options)).toBeNull();
    expect(await readText((await objects.get(keyOf('once')))!.body)).toBe('first');
  });

  it.each([
    ['an empty one', 0, 0],
    ['a short one', 3, 1000],
    ['one of exactly a part', 8, 1024 * 1024],
    ['one of several parts', 20, 1024 * 1024],
  ])('stores a stream of unknown length: %s', async (name, count, size) => {
    const key = keyOf(`stream-${name.replaceAll(' ', '-')}`);
    const put = await objects.put(key, createTextStream(pieces(count, size)), { contentType: 'text/plain' });
    expect(put.sizeBytes).toBe(count * size);
    const text = await readText((await objects.get(key))!.body);
    expect(text.length).toBe(count * size);
    for (let index = 0; index < count; index++) expect(text[index * size]).toBe(String(index % 10));
  });

  it('stores nothing of a stream that fails', async () => {
    for (const before of [1, 12]) {
      const broken = async function* () {
        yield* pieces(before, 1024 * 1024);
        throw new Error('the source broke');
      };
      await objects.put(keyOf('broken'), 'old', { contentType: 'text/plain' });
      await expect(
        objects.put(keyOf('broken'), createTextStream(broken()), { contentType: 'text/plain' }),
      ).rejects.toThrow('the source broke');
      expect(await readText((await objects.get(keyOf('broken')))!.body)).toBe('old');
    }
  });

  it('stores a stream of a known length with its checksum, and returns ranges of it', async () => {
    const key = keyOf('known');
    const object = { contentType: 'text/plain', sizeBytes: 30 };
    const put = await objects.putStream(key, createTextStream(pieces(3, 10)), object);
    const text = '0'.repeat(10) + '1'.repeat(10) + '2'.repeat(10);
    expect(put).toMatchObject({ sizeBytes: 30, checksum: await sha256Hex(text) });
    expect(await readText((await objects.get(key, { offset: 8, length: 4 }))!.body)).toBe('0011');
  });

  it('stores nothing of a stream that is shorter or longer than its length, or breaks', async () => {
    const key = keyOf('other-length');
    const broken = async function* () {
      yield 'abc';
      throw new Error('the source broke');
    };
    for (const [parts, sizeBytes] of [
      [pieces(3, 10), 31],
      [pieces(3, 10), 29],
      [broken(), 30],
    ] as const) {
      const put = objects.putStream(key, createTextStream(parts), { contentType: 'text/plain', sizeBytes });
      await expect(put).rejects.toThrow(IncompleteStream);
    }
    expect(await objects.head(key)).toBeNull();
  });

  it('does not wait for the rest of a stream that the store refuses', async () => {
    const bucket = { put: () => Promise.reject(new Error('the store failed')) } as unknown as R2Bucket;
    const refusing = createR2ObjectStore(() => bucket);
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
    });
    const put = refusing.putStream(keyOf('refused'), endless, { contentType: 'text/plain', sizeBytes: 100 });
    await expect(put).rejects.toThrow('the store failed');
  });

  it('lists keys by prefix, in order, page by page', async () => {
    const prefix = 'list/org_one/';
    for (const name of ['c', 'a', 'b'])
      await objects.put(`${prefix}${name}`, name, { contentType: 'text/plain' });
    await objects.put('list/org_two/a', 'x', { contentType: 'text/plain' });
    const first = await objects.list(prefix, { limit: 2 });
    expect(first.objects.map(({ key }) => key)).toEqual([`${prefix}a`, `${prefix}b`]);
    const second = await objects.list(prefix, { after: first.nextAfter!, limit: 2 });
    expect(second.objects.map(({ key, contentType }) => [key, contentType])).toEqual([
      [`${prefix}c`, 'text/plain'],
    ]);
    expect(second.nextAfter).toBeNull();
  });
});

it('a key with an unsafe part is refused', () => {
  for (const part of ['..', '.', '', 'a/b', 'a b', '-a'])
    expect(() => objectKey('audit', 'org_one', part)).toThrow('invalid part');
});
