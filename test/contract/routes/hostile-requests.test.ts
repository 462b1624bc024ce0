import { beforeAll, describe, expect, it } from 'vitest';
import { permissionsOfRole, signAccessToken, signGuestTicket } from '../../../src/identity/access/index.ts';
import { ID_PREFIXES, type IdKind, permits } from '../../../src/kernel/core/index.ts';
import { createSigner } from '../../../src/kernel/crypto/index.ts';
import type { Route } from '../../../src/platform/http/index.ts';
import { routes } from '../../../workers/http.ts';
import { parseConfig } from '../../../src/kernel/config/index.ts';
import { randomSecrets } from '../../support/environment.ts';
import type { TestResponse } from '../../support/app.ts';
import {
  callRoute,
  createWorld,
  getCredential,
  getSchemaFields,
  getIdKind,
  missingParams,
  namingParams,
  createParams,
  paramNames,
  memberTokens,
  type World,
} from './world.ts';

let world: World;
let tokensByRole: Map<string, string>;
/** The owner's, when it has expired, and one with the same claims that another key signed. */
let expiredToken: string;
let forgedToken: string;
/** API keys by their one scope, as narrow as scopes get. */
const apiKeys: Record<string, string> = {};

async function createApiKey(scope: string): Promise<string> {
  const body = { name: scope, scopes: [scope] };
  const answer = await world.app.send('POST', '/api/v1/api-keys', { token: world.owner.token, body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.secret as string;
}

/** Signs as the product does, with a key of its own. */
function createForger() {
  const { config, clock } = world.app.services;
  const { PUBLIC_URL, APP_URL, MAIL_FROM, MAIL_API_URL, DATABASE_URL } = config;
  const { SIGNING_KEYS } = parseConfig({
    ENVIRONMENT: 'development',
    CORS_ORIGINS: '',
    PUBLIC_URL,
    APP_URL,
    MAIL_FROM,
    MAIL_API_URL,
    DATABASE_URL,
    ...randomSecrets(),
  });
  return createSigner(SIGNING_KEYS, PUBLIC_URL, clock);
}

beforeAll(async () => {
  world = await createWorld();
  expiredToken = await signAccessToken(world.app.services.signer, createClaims(), -1);
  forgedToken = await signAccessToken(createForger(), createClaims(), 300);
  const unknownRole = { ...createClaims().membership, role: 'unheard_of' };
  const { signer } = world.app.services;
  tokensByRole = new Map<string, string>([
    ...(await memberTokens(world)),
    ['unheard_of', await signAccessToken(signer, { ...createClaims(), membership: unknownRole }, 300)],
  ]);
  for (const scope of ['rooms:read', 'calls:read', 'admin']) apiKeys[scope] = await createApiKey(scope);
});

/** Routes that answer also for an id of nothing, each for its reason. */
const ANSWERS_FOR_MISSING_ID: Record<string, string> = {
  getLimitOverrides:
    "kept by the organization's live object, so that an operator can act while the database is down",
  putLimitOverrides:
    "kept by the organization's live object, so that an operator can act while the database is down",
  deleteLimitOverrides:
    "kept by the organization's live object, so that an operator can act while the database is down",
};

/** Fields that hold whatever an application likes, each for its reason. */
const ACCEPTS_ANY_JSON: Record<string, string> = {
  'sendData/payload': "an application's own message: any JSON, of bounded size",
};

const formatRouteName = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;
const casesWhere = (wanted: (route: Route) => boolean) =>
  routes.filter(wanted).map((route) => [formatRouteName(route), route] as const);
const authenticatedRoutes = casesWhere(
  ({ access }) => access.kind !== 'public' && access.kind !== 'operator',
);
const withBody = casesWhere(({ body }) => body !== undefined);
/** Without pages for people, which answer with pages and have tests of their own. */
const withIds = casesWhere((route) => paramNames(route).length > 0 && !route.errorPage);
const listRoutes = casesWhere((route) => getSchemaFields(route.query)?.cursor !== undefined);

const expectRefusal = (answer: TestResponse, status: number, code?: string) => {
  expect(answer.body).toMatchObject({ status, requestId: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  if (code !== undefined) expect(answer.body.code).toBe(code);
};

const listPointers = (answer: TestResponse): string[] =>
  (answer.body.errors ?? []).map((error: { pointer: string }) => error.pointer);

/** A call that gets past the credential but never to the verb, wherever the route takes anything. */
const probeRoute = (route: Route, token: string | undefined) =>
  callRoute(route, world, {
    token,
    params: missingParams(route, world),
    ...(route.body ? { raw: '{' } : {}),
  });

const createClaims = () => ({
  userId: world.owner.userId,
  sessionId: world.owner.sessionId,
  membership: { organizationId: world.owner.organizationId, role: 'owner', plan: 'free' },
});

describe('a credential', () => {
  it.each(authenticatedRoutes)('%s: none is 401', async (_name, route) => {
    const answer = await probeRoute(route, undefined);
    expectRefusal(answer, 401, 'auth.required');
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  it.each(authenticatedRoutes)('%s: a malformed one is 401', async (_name, route) => {
    for (const authorization of ['Bearer nonsense', 'Bearer a.b.c', 'Basic dXNlcjpwYXNz', 'Bearer', ''])
      expectRefusal(
        await callRoute(route, world, { params: missingParams(route, world), headers: { authorization } }),
        401,
      );
  });

  it.each(authenticatedRoutes)('%s: one with anything beside it, or padded, is 401', async (_name, route) => {
    const { token } = world.owner;
    for (const authorization of [`Bearer ${token} x`, `Bearer x ${token}`, `Bearer ${token}==`, token])
      expectRefusal(
        await callRoute(route, world, { params: missingParams(route, world), headers: { authorization } }),
        401,
      );
  });

  it.each(authenticatedRoutes)('%s: one that another key signed is 401', async (_name, route) => {
    expectRefusal(await probeRoute(route, forgedToken), 401, 'auth.invalid_token');
  });

  it.each(authenticatedRoutes)('%s: an expired one is 401', async (_name, route) => {
    expectRefusal(await probeRoute(route, expiredToken), 401, 'auth.expired_token');
  });

  it.each(authenticatedRoutes)("%s: the operator's is 401", async (_name, route) => {
    expectRefusal(await probeRoute(route, world.operatorToken), 401);
  });

  it.each(casesWhere(({ access }) => access.kind === 'operator'))(
    "%s: only the operator's opens it",
    async (_name, route) => {
      for (const token of [undefined, 'nonsense', world.owner.token, `${world.operatorToken}x`])
        expectRefusal(await probeRoute(route, token), 401);
    },
  );
});

describe('a permission', () => {
  it.each(casesWhere(({ access }) => access.kind === 'permission'))(
    '%s: a caller without it gets 403, a caller with it does not',
    async (_name, route) => {
      if (route.access.kind !== 'permission') return;
      for (const [role, token] of tokensByRole) {
        const answer = await probeRoute(route, token);
        if (permits(permissionsOfRole(role), route.access.permission))
          expect([role, answer.status]).not.toEqual([role, 403]);
        else expectRefusal(answer, 403, 'auth.forbidden');
      }
    },
  );

  it.each(casesWhere(({ access }) => access.kind === 'permission'))(
    '%s: an API key whose scopes lack it is 403',
    async (_name, route) => {
      if (route.access.kind !== 'permission') return;
      const scope = route.access.permission.startsWith('rooms:') ? 'calls:read' : 'rooms:read';
      expectRefusal(await probeRoute(route, apiKeys[scope]), 403, 'auth.forbidden');
    },
  );

  it.each(casesWhere(({ access }) => access.kind === 'user'))(
    '%s: is for a person, so an API key is 403 whatever its scopes',
    async (_name, route) => {
      expectRefusal(await probeRoute(route, apiKeys.admin), 403, 'auth.forbidden');
    },
  );

  it.each(casesWhere(({ access }) => access.kind === 'permission'))(
    '%s: a person without an organization is 403',
    async (_name, route) => {
      const { userId, sessionId } = createClaims();
      const { signer } = world.app.services;
      const token = await signAccessToken(signer, { userId, sessionId, membership: null }, 300);
      expectRefusal(await probeRoute(route, token), 403, 'auth.no_organization');
    },
  );
});

describe("a guest's ticket", () => {
  const acceptsGuests = ({ access }: Route) => access.kind === 'permission' && access.guests === true;
  /** The ticket of a guest of a room of the owner's. */
  const createGuestTicket = (roomId: string, lifeSeconds = 300, { services } = world.app) =>
    signGuestTicket(
      services.signer,
      {
        guestId: services.ids.create('guest'),
        organizationId: world.owner.organizationId,
        roomId,
        linkId: services.ids.create('link'),
        name: 'Ada',
      },
      lifeSeconds,
    );
  const createRoomId = () => world.app.services.ids.create('room');

  it.each(
    casesWhere((route) => !['public', 'operator'].includes(route.access.kind) && !acceptsGuests(route)),
  )('%s: is 403, because it is for people and keys', async (_name, route) => {
    expectRefusal(await probeRoute(route, await createGuestTicket(createRoomId())), 403, 'auth.forbidden');
  });

  it.each(casesWhere(acceptsGuests))('%s: is let in, an expired one is not', async (_name, route) => {
    expect((await probeRoute(route, await createGuestTicket(createRoomId()))).body.code).not.toBe(
      'auth.forbidden',
    );
    expectRefusal(
      await probeRoute(route, await createGuestTicket(createRoomId(), -1)),
      401,
      'auth.expired_token',
    );
  });

  it.each(casesWhere((route) => acceptsGuests(route) && paramNames(route).includes('roomId')))(
    '%s: is for one room; another of the same organization is not there',
    async (_name, route) => {
      const params = await createParams(route, world, world.owner);
      const body = route.body ? { body: route.body.example } : {};
      const answer = await callRoute(route, world, {
        token: await createGuestTicket(createRoomId()),
        params,
        ...body,
      });
      expectRefusal(answer, 404);
      expect(answer.body.code).toBe('rooms.not_found');
    },
  );
});

describe('an id in the path', () => {
  it.each(withIds)('%s: of another kind or shape is 400', async (_name, route) => {
    const token = getCredential(route, world, world.owner);
    for (const param of paramNames(route)) {
      const kind = getIdKind(route, param);
      const other = (Object.keys(ID_PREFIXES) as IdKind[]).find((each) => each !== kind)!;
      const validParams = missingParams(route, world);
      const wrong =
        kind === undefined
          ? ['~']
          : ['nonsense', world.app.services.ids.create(other), `${validParams[param]}0`];
      for (const value of wrong) {
        const answer = await callRoute(route, world, { token, params: { ...validParams, [param]: value } });
        expectRefusal(answer, 400, 'request.invalid');
        expect(listPointers(answer)).toContain(`#/path/${param}`);
      }
    }
  });

  it.each(
    casesWhere(
      (r) =>
        namingParams(r).length > 0 &&
        r.access.kind !== 'public' &&
        !(r.operationId in ANSWERS_FOR_MISSING_ID),
    ),
  )('%s: of nothing is 404', async (_name, route) => {
    const token = getCredential(route, world, world.owner);
    const own = await createParams(route, world, world.owner);
    for (const param of namingParams(route)) {
      const params = { ...own, [param]: missingParams(route, world)[param]! };
      expectRefusal(await callRoute(route, world, { token, params }), 404);
    }
  });

  it.each(
    casesWhere(
      (route) => namingParams(route).length > 0 && !['public', 'operator'].includes(route.access.kind),
    ),
  )("%s: another organization's is answered word for word like one of nothing", async (_name, route) => {
    const token = getCredential(route, world, world.owner);
    const own = await createParams(route, world, world.owner);
    const foreign = await createParams(route, world, world.otherOwner);
    const anonymize = ({ body, status, headers }: TestResponse, ids: Record<string, string>) => {
      const text = Object.values(ids).reduce((all, id) => all.replaceAll(id, '…'), JSON.stringify(body));
      return { status, body: { ...JSON.parse(text), requestId: '' }, etag: headers.get('etag') };
    };
    for (const param of namingParams(route)) {
      const foreignParams = { ...own, [param]: foreign[param]! };
      const missingIdParams = { ...own, [param]: missingParams(route, world)[param]! };
      const answer = await callRoute(route, world, { token, params: foreignParams });
      expectRefusal(answer, 404);
      expect(anonymize(answer, foreignParams)).toEqual(
        anonymize(await callRoute(route, world, { token, params: missingIdParams }), missingIdParams),
      );
    }
    expectRefusal(await callRoute(route, world, { token, params: foreign }), 404);
  });
});

describe('a body', () => {
  const send = (route: Route, options: { raw?: string; body?: unknown; headers?: Record<string, string> }) =>
    callRoute(route, world, {
      token: getCredential(route, world, world.owner),
      params: missingParams(route, world),
      ...options,
    });

  it.each(withBody)('%s: that is not JSON is 400', async (_name, route) => {
    for (const raw of ['{', "{'a': 1}", 'null null', '\u0000'])
      expectRefusal(await send(route, { raw }), 400, 'request.malformed_json');
  });

  it.each(withBody)('%s: that is not an object is 400', async (_name, route) => {
    for (const body of [null, [], 'text', 7, true])
      expectRefusal(await send(route, { body }), 400, 'request.invalid');
  });

  it.each(withBody)('%s: of another media type is 415', async (_name, route) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])
      expectRefusal(
        await send(route, { headers: { 'content-type': type } }),
        415,
        'request.unsupported_media_type',
      );
  });

  it.each(withBody)('%s: over the limit is 413, declared or not', async (_name, route) => {
    const size = (route.bodyLimitBytes ?? 64 * 1024) + 1;
    const raw = `"${'x'.repeat(size - 2)}"`;
    expectRefusal(await send(route, { raw }), 413, 'request.body_too_large');
    const headers = { 'content-length': String(size) };
    expectRefusal(await send(route, { raw: '{}', headers }), 413, 'request.body_too_large');
  });

  it.each(withBody)('%s: with a field of the wrong type is 400 and names it', async (_name, route) => {
    const fields = Object.keys(getSchemaFields(route.body!.schema) ?? {});
    expect(fields).not.toEqual([]);
    for (const field of fields) {
      const pointer = `/${field}`;
      if (`${route.operationId}${pointer}` in ACCEPTS_ANY_JSON) continue;
      const wrong = [{ wrong: [true] }, 7, 'wrong', [{}], null].find((value) => {
        const parsed = route.body!.schema.safeParse({ ...(route.body!.example as object), [field]: value });
        return parsed.error?.issues.some(
          (issue) => issue.path[0] === field || issue.code === 'invalid_union',
        );
      });
      expect(wrong, `${pointer} takes anything`).toBeDefined();
      const answer = await send(route, { body: { ...(route.body!.example as object), [field]: wrong } });
      expectRefusal(answer, 400, 'request.invalid');
      expect(listPointers(answer).some((each) => each === pointer || each.startsWith(`${pointer}/`))).toBe(
        true,
      );
    }
  });

  it.each(withBody)('%s: with an unknown field is 400 and names it', async (_name, route) => {
    const answer = await send(route, { body: { ...(route.body!.example as object), notOurs: 1 } });
    expectRefusal(answer, 400, 'request.invalid');
    expect(listPointers(answer)).toEqual(['/notOurs']);
  });
});

describe('a query', () => {
  const send = async (route: Route, query: string) =>
    callRoute(route, world, {
      token: getCredential(route, world, world.owner),
      params: await createParams(route, world, world.owner),
      query,
    });

  it.each(casesWhere(({ query }) => query !== undefined))(
    '%s: with an unknown field is 400',
    async (_name, route) => {
      const answer = await send(route, '?notOurs=1');
      expectRefusal(answer, 400, 'request.invalid');
      expect(listPointers(answer)).toContain('#/query/notOurs');
    },
  );

  it.each(listRoutes)('%s: a limit out of 1 to 100 is 400', async (_name, route) => {
    for (const limit of ['0', '101', '-1', '1.5', 'many']) {
      const answer = await send(route, `?limit=${limit}`);
      expectRefusal(answer, 400, 'request.invalid');
      expect(listPointers(answer)).toEqual(['#/query/limit']);
    }
  });

  it.each(listRoutes)('%s: a cursor that no list gave out is 400', async (_name, route) => {
    for (const text of [
      'nonsense',
      '%25%25',
      btoa('{}'),
      btoa('{"after":7}'),
      btoa('["after"]'),
      btoa('{"after":"\\u0000"}'),
      btoa('\u00ff'),
    ])
      expectRefusal(await send(route, `?cursor=${encodeURIComponent(text)}`), 400, 'request.invalid_cursor');
  });
});

describe('a header', () => {
  const send = (route: Route, headers: Record<string, string>) =>
    callRoute(route, world, {
      token: getCredential(route, world, world.owner),
      params: missingParams(route, world),
      headers,
    });

  it.each(casesWhere(({ concurrency }) => concurrency === true))(
    '%s: an If-Match that is not a list of ETags is 400',
    async (_name, route) => {
      for (const value of ['7', 'w/"7"', '"7', '"1" "2"', '"1",']) {
        const answer = await send(route, { 'if-match': value });
        expectRefusal(answer, 400, 'request.invalid');
        expect(listPointers(answer)).toEqual(['#/header/If-Match']);
      }
    },
  );

  it.each(casesWhere(({ idempotent }) => idempotent === true))(
    '%s: an Idempotency-Key that is too long or not visible ASCII is 400',
    async (_name, route) => {
      for (const value of ['x'.repeat(256), 'two words', 'é']) {
        const answer = await send(route, { 'idempotency-key': value });
        expectRefusal(answer, 400, 'request.invalid');
        expect(listPointers(answer)).toEqual(['#/header/Idempotency-Key']);
      }
    },
  );
});
