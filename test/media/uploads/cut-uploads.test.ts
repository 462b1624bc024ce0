import { describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { randomFrom } from '../../support/random.ts';

/** More of them: `CUT_UPLOADS=500`. */
const UPLOADS = Number(process.env.CUT_UPLOADS ?? 8);
const MAX_BYTES = 6_000;
const TUS = { 'tus-resumable': '1.0.0' };

const random = randomFrom(20_261);
const below = (limit: number) => Math.floor(random() * limit);

/** A body in pieces of random sizes. At `cutAt` the connection breaks, or the process dies with it. */
function createBody(app: TestApp, bytes: Uint8Array<ArrayBuffer>, cutAt: number, kills: boolean) {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const end = Math.min(at + 1 + below(700), bytes.length, cutAt);
      if (end > at) controller.enqueue(bytes.slice(at, end));
      at = end;
      if (at === cutAt && cutAt < bytes.length) {
        if (kills) app.uploads.kill();
        controller.error(new Error('the connection broke'));
      } else if (at === bytes.length) controller.close();
    },
  });
}

const readOffset = async (app: TestApp, id: string, { token }: Person): Promise<number | undefined> => {
  const { status, headers } = await app.send('HEAD', `/api/v1/uploads/${id}`, { token, headers: TUS });
  return status === 200 ? Number(headers.get('upload-offset')) : undefined;
};

/** Uploads bytes over connections that break, until all have arrived. @returns how many requests it took */
async function uploadOverCuts(app: TestApp, person: Person, id: string, bytes: Uint8Array<ArrayBuffer>) {
  let requests = 0;
  for (
    let offset = await readOffset(app, id, person);
    offset !== bytes.length;
    offset = await readOffset(app, id, person)
  ) {
    if (offset === undefined) continue;
    expect(++requests).toBeLessThan(200);
    const rest = bytes.slice(offset);
    const isCut = random() < 0.7;
    // Object storage fails now and then.
    if (random() < 0.1) app.objects.failWhen((call) => call === 'put' && random() < 0.5);
    await app.send('PATCH', `/api/v1/uploads/${id}`, {
      token: person.token,
      raw: createBody(app, rest, isCut ? below(rest.length) : rest.length, random() < 0.5),
      headers: {
        ...TUS,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
      },
    });
    app.objects.failWhen(undefined);
    if (random() < 0.2) app.uploads.kill();
  }
  return requests;
}

describe(`${UPLOADS} uploads, cut at random bytes, with the process dying in between`, () => {
  it('are each whole, and what they hold is exact', { timeout: 600_000 }, async () => {
    const app = createTestApp();
    const person = await app.person();
    let held = 0;
    let requests = 0;
    for (let index = 0; index < UPLOADS; index++) {
      const bytes = Uint8Array.from({ length: below(MAX_BYTES) }, () => below(256));
      const { body } = await app.send('POST', '/api/v1/uploads', {
        token: person.token,
        headers: {
          ...TUS,
          'upload-length': String(bytes.length),
          'upload-metadata': `filename ${btoa(`file-${index}`)}`,
        },
      });
      const id = body.id as string;
      if (index % 10 === 9) {
        await app.send('DELETE', `/api/v1/uploads/${id}`, { token: person.token, headers: TUS });
        continue;
      }
      requests += await uploadOverCuts(app, person, id, bytes);
      held += bytes.length;
      const stored = await app.objects.get(`files/${person.organizationId}/${id}`);
      expect(new Uint8Array(await new Response(stored!.body).arrayBuffer())).toEqual(bytes);
      expect((await app.send('GET', `/api/v1/files/${id}`, { token: person.token })).status).toBe(200);
    }
    const [row] = await ownerSql<{ held: string; open: string }>(
      `select coalesce(sum(size_bytes), 0) as held, count(*) filter (where status = 'uploading') as open
       from files where organization_id = $1`,
      [person.organizationId],
    );
    expect([Number(row!.held), Number(row!.open)]).toEqual([held, 0]);
    expect([app.uploads.rows(), app.uploads.openParts()]).toEqual([0, 0]);
    expect(requests).toBeGreaterThan(UPLOADS);
  });
});
