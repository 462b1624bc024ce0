import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { setServicesResolver } from '../../../durable-objects/resolve-services.ts';
import { createFileCompressors } from '../../../durable-objects/stubs.ts';
import { organizations } from '../../../src/identity/organizations/organizations.tables.ts';
import { DEFAULT_SETTINGS } from '../../../src/identity/organizations/organizations.rules.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { fileCompressions } from '../../../src/media/file-compressions/file-compressions.tables.ts';
import { files } from '../../../src/media/files/files.tables.ts';
import { getServices } from '../../../workers/context.ts';
import { createVideo } from '../../support/file-compressions.ts';
import { FakeTasks } from '../../support/media/fake-tasks.ts';
import { createWorkerEnv } from '../../support/worker-env.ts';

const SIZE = 11_000;
const tasks = new FakeTasks();
const services = getServices(createWorkerEnv().env);
setServicesResolver(() => ({ ...services, ports: { ...services.ports, compressionTasks: tasks } }));

/** A file with its bytes in R2, and its compression. */
async function createRows() {
  const { ids, clock, database } = services;
  const now = new Date(clock.now());
  const times = { createdAt: now, updatedAt: now };
  const [organizationId, fileId, id] = [
    ids.create('organization'),
    ids.create('file'),
    ids.create('compression'),
  ];
  const name = organizationId.replace('_', '-');
  const file = {
    id: fileId,
    organizationId,
    uploadedBy: ids.create('apiKey'),
    name: 'call.mp4',
    contentType: 'video/mp4',
    sizeBytes: SIZE,
    access: 'private' as const,
    status: 'stored' as const,
    scanStatus: 'clean' as const,
    ...times,
  };
  const settings = { kind: 'video', codec: 'av1', container: 'mp4', minSsim: 0.96 } as const;
  const source = { sourceBytes: SIZE, sourceType: 'video/mp4' };
  await database.commit(systemScope, (q) => [
    q
      .insert(organizations)
      .values({ id: organizationId, name, slug: name, settings: DEFAULT_SETTINGS, ...times }),
    q.insert(files).values(file),
    q.insert(fileCompressions).values({
      id,
      organizationId,
      fileId,
      state: 'requested',
      settings,
      progress: 0,
      attempts: 0,
      ...source,
      ...times,
    }),
  ]);
  const key = `files/${organizationId}/${fileId}`;
  await env.OBJECTS.put(key, createVideo(SIZE));
  return { organizationId, compressionId: id, copyKey: `${key}.${id}` };
}

it('a compression whose object is evicted before each alarm stores its copy, and keeps only what is left to do', async () => {
  const { organizationId, compressionId, copyKey } = await createRows();
  const stub = env.FILE_COMPRESSOR.getByName(compressionId);
  await createFileCompressors(env.FILE_COMPRESSOR).wake({ organizationId, compressionId });
  for (let alarm = 0; alarm < 6; alarm++) {
    await evictDurableObject(stub);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
  }
  const copy = await env.OBJECTS.get(copyKey);
  expect(new Uint8Array(await copy!.arrayBuffer())).toEqual(createVideo(SIZE).slice(0, SIZE / 4));
  expect([tasks.started.length, tasks.size]).toEqual([1, 0]);
  const left = await runInDurableObject(stub, async (_, { storage }) => ({
    keys: [...storage.kv.list()].map(([key]) => key),
    isAnHourLater: (await storage.getAlarm())! > Date.now() + 3_000_000,
  }));
  expect(left).toEqual({ keys: ['compression', 'copy', 'objects'], isAnHourLater: true });
});
