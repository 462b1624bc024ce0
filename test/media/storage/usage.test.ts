import { beforeAll, beforeEach, expect, it } from 'vitest';
import { sampleStorage } from '../../../src/media/storage/sample-storage.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';

const CONTENT = 'x'.repeat(2_500);
const MINUTE_SECONDS = 60;

let app: TestApp;
let ann: Person;
let fileId: string;

beforeAll(() => {
  app = createTestApp();
});
beforeEach(async () => {
  // At the beginning of an hour.
  app.clock.advanceSeconds(3_600 - (Math.floor(app.clock.now() / 1_000) % 3_600));
  ann = await app.person();
  fileId = (await uploadFile(app, ann.token, { content: CONTENT, query: { access: 'public' } })).body.id;
  await ownerSql(`update files set scan_status = 'clean' where id = $1`, [fileId]);
});

async function sample(): Promise<void> {
  await sampleStorage(app.services);
  await app.drain();
}
const download = (headers: Record<string, string> = {}, method = 'GET') =>
  app.send(method, `/api/v1/files/${fileId}/content`, { token: ann.token, headers });
/** The recorded quantities of the meters, the oldest first. */
const used = async () =>
  (
    await ownerSql<{ meter: string; quantity: string }>(
      `select meter, quantity from usage_events where organization_id = $1 and quantity <> 0 order by occurred_at, meter`,
      [ann.organizationId],
    )
  ).map(({ meter, quantity }) => [meter, Number(quantity)]);

it('stored bytes count once an hour, in whole kilobytes, however often a run comes to them', async () => {
  await Promise.all([sample(), sample()]);
  app.clock.advanceSeconds(4 * MINUTE_SECONDS);
  await sample();
  expect(await used()).toEqual([['stored_gigabyte_months', 3]]);
  app.clock.advanceSeconds(57 * MINUTE_SECONDS);
  await sample();
  expect(await used()).toEqual([
    ['stored_gigabyte_months', 3],
    ['stored_gigabyte_months', 3],
  ]);
});

it('downloaded bytes count as they were sent: ranges by their length, answers without bytes not', async () => {
  await Promise.all([download(), download({ range: 'bytes=0-99' }), download({ range: 'bytes=-1' })]);
  await Promise.all([
    download({ 'if-none-match': '*' }),
    download({ range: 'bytes=9999-' }),
    download({}, 'HEAD'),
  ]);
  expect((await app.send('GET', `/api/v1/public-files/${fileId}/content`)).status).toBe(200);
  await sample();
  expect(await used()).toEqual([
    ['downloaded_gigabytes', 2 * CONTENT.length + 101],
    ['stored_gigabyte_months', 3],
  ]);
});

it('bytes that a client does not take count nothing, however often it asks for them', async () => {
  const large = 'x'.repeat(3_000_000);
  const { body } = await uploadFile(app, ann.token, { content: large, query: { access: 'public' } });
  await ownerSql(`update files set scan_status = 'clean' where id = $1`, [body.id]);
  /** Takes chunks of a download, and leaves. @returns the bytes that were taken */
  const takeChunks = async (chunks: number): Promise<number> => {
    const after: Promise<unknown>[] = [];
    const response = await app.app.fetch(
      new Request(`http://auralink.test/api/v1/public-files/${body.id}/content`),
      {},
      {
        waitUntil: (work: Promise<unknown>) => void after.push(work),
        passThroughOnException: () => undefined,
        props: {},
      },
    );
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '3000000']);
    const reader = response.body!.getReader();
    let taken = 0;
    for (let chunk = 0; chunk < chunks; chunk++) taken += (await reader.read()).value!.length;
    await reader.cancel();
    await Promise.all(after);
    return taken;
  };
  const taken = [await takeChunks(0), await takeChunks(0), await takeChunks(1)];
  await sample();
  const [, downloaded] = (await used()).find(([meter]) => meter === 'downloaded_gigabytes')!;
  expect(downloaded).toBe(taken[2]);
  expect(taken[2]).toBeLessThan(large.length);
});

it('bytes that are downloaded after a sample count in the next one, also when no file is left', async () => {
  await sample();
  await download();
  await app.send('DELETE', `/api/v1/files/${fileId}?permanently=true`, { token: ann.token });
  app.clock.advanceSeconds(60 * MINUTE_SECONDS);
  await sample();
  app.clock.advanceSeconds(60 * MINUTE_SECONDS);
  await sample();
  expect(await used()).toEqual([
    ['stored_gigabyte_months', 3],
    ['downloaded_gigabytes', CONTENT.length],
  ]);
});

it('every organization is measured in an hour, also when there are more than one commit takes', async () => {
  const count = 1_100;
  await ownerSql(`
    with made as (
      insert into organizations (id, name, slug, plan, settings, created_by, created_at, updated_at)
      select 'org_many' || n, 'Many', 'many-' || n, o.plan, o.settings, o.created_by, o.created_at, o.updated_at
      from organizations o, generate_series(1, ${count}) n where o.id = '${ann.organizationId}'
      returning id)
    insert into storage_totals (organization_id, files, size_bytes, downloaded_bytes) select id, 1, 10, 5 from made`);
  await sampleStorage(app.services);
  const [sampled] = await ownerSql<{ events: string; rest: string }>(`
    select (select count(*) from outbox where type = 'storage.sampled' and organization_id like 'org_many%') as events,
      sum(downloaded_bytes) as rest from storage_totals where organization_id like 'org_many%'`);
  expect([Number(sampled!.events), Number(sampled!.rest)]).toEqual([count, 0]);
  for (const table of ['outbox', 'storage_totals'])
    await ownerSql(`delete from ${table} where organization_id like 'org_many%'`);
});
