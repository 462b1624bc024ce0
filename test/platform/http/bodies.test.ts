import { beforeAll, describe, expect, it } from 'vitest';
import { type Person, createTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;
beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
});

/** Sends these bytes to an operation that needs a name, and to nothing else. */
async function send(body: BodyInit | null, headers: Record<string, string>, path = '/api/v1/rooms') {
  const context = {
    waitUntil: () => undefined,
    passThroughOnException: () => undefined,
    props: {},
  };
  const request = new Request(`http://auralink.test${path}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${owner.token}`, ...headers },
  });
  const response = await app.app.fetch(request, {}, context);
  const answer = await response.json<{ name?: string; code?: string; errors?: object[] }>();
  return { ...answer, status: response.status };
}

const json = (charset = '') => ({ 'content-type': `application/json${charset}` });
const utf16 = (text: string) => new Uint8Array(Uint16Array.from(text, (each) => each.charCodeAt(0)).buffer);

describe('the encoding of a body', () => {
  it.each(['gzip', 'br', 'deflate, gzip', 'zstd'])('must not be %s', async (encoding) => {
    const headers = { ...json(), 'content-encoding': encoding };
    const compressed = await new Response(
      new Blob(['{"name":"Zoe"}']).stream().pipeThrough(new CompressionStream('gzip')),
    ).arrayBuffer();
    for (const body of [compressed, '{"name":"Zoe"}'])
      expect(await send(body, headers)).toMatchObject({
        status: 415,
        code: 'request.unsupported_media_type',
        detail: 'the body must not be compressed',
      });
    const plain = { ...json(), 'content-encoding': 'identity' };
    expect(await send('{"name":"Zoe"}', plain)).toMatchObject({ status: 201 });
  });

  it.each(['', ';charset=utf-8', '; charset=UTF-8', '; charset="utf-8"'])(
    'application/json%s is UTF-8',
    async (charset) => {
      expect(await send('{"name":"Zoë"}', json(charset))).toMatchObject({ status: 201, name: 'Zoë' });
    },
  );

  it('may begin with a byte order mark', async () => {
    expect(await send('\uFEFF{"name":"Zoë"}', json())).toMatchObject({ status: 201, name: 'Zoë' });
  });

  it.each(['utf-16', 'utf-16le', 'iso-8859-1', 'windows-1252', 'latin1'])(
    'is refused when it is declared as %s',
    async (charset) => {
      expect(await send('{"name":"Zoe"}', json(`; charset=${charset}`))).toMatchObject({
        status: 415,
        code: 'request.unsupported_media_type',
        detail: 'the body must be encoded in UTF-8',
      });
    },
  );

  it.each([
    ['Latin-1', Uint8Array.from('{"name":"Zo\u00EB"}', (each) => each.charCodeAt(0))],
    ['UTF-16 with a byte order mark', utf16('\uFEFF{"name":"Zo\u00EB"}')],
    ['a cut character', new Uint8Array([...new TextEncoder().encode('{"name":"Zo\u00EB"}')].slice(0, -3))],
  ])('is refused when it is %s without saying so, and nothing is stored broken', async (_name, bytes) => {
    expect(await send(bytes, json())).toMatchObject({ status: 400, code: 'request.malformed_json' });
  });
});

describe('a request without a body', () => {
  it.each([{}, json()])('needs no media type where every field is optional: %j', async (headers) => {
    expect(await send(null, headers, '/api/v1/rooms/room_01jd3v7q8gf4kr2x6a0w9mznpe/token')).toMatchObject({
      status: 404,
      code: 'rooms.not_found',
    });
  });

  it('names the missing fields where fields are required', async () => {
    expect(await send(null, {})).toMatchObject({ status: 400, errors: [{ pointer: '/name' }] });
  });

  it('differs from a body without a media type, which is refused', async () => {
    expect(await send(new TextEncoder().encode('{"name":"x"}'), {})).toMatchObject({ status: 415 });
  });
});

describe('a name that an object has twice', () => {
  it.each([
    ['{"name":"a","name":"b"}', '/name'],
    ['{"name":"a","n\\u0061me":"b"}', '/name'],
    ['{"name":"a","metadata":{"x":1,"y":{},"x":2}}', '/metadata/x'],
    ['{"name":"a","tags":["{\\"", {"a/b":1,"a/b":1}]}', '/tags/1/a~1b'],
  ])('%s is refused and named', async (body, pointer) => {
    expect(await send(body, json())).toMatchObject({ status: 400, errors: [{ pointer }] });
  });

  it('is fine in different objects', async () => {
    const body = '{"name":"a \\"name\\": b","metadata":{"name":"name","description":":{}"}}';
    expect(await send(body, json())).toMatchObject({ status: 201 });
  });
});
