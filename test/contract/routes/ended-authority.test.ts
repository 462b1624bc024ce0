import { beforeAll, describe, expect, it } from 'vitest';
import { GUEST_TICKET_PREFIX } from '../../../src/identity/access/index.ts';
import { API_KEY_PREFIX } from '../../../src/identity/api-keys/index.ts';
import { fromBase64Url, fromUtf8 } from '../../../src/kernel/core/index.ts';
import type { Route } from '../../../src/platform/http/index.ts';
import { routes } from '../../../workers/http.ts';
import type { TestResponse } from '../../support/app.ts';
import { ownerSql } from '../sql.ts';
import { preparations } from './preparations.ts';
import { callRoute, createParams, createWorld, type World } from './world.ts';

/** Something a credential rests on: how it ends, and how that is taken back. */
interface Ground {
  name: string;
  end: string;
  restore: string;
  /** The id that both statements get. */
  idOf: (holder: Holder) => string | undefined;
  code: 'auth.invalid_token' | 'auth.outdated_token';
}

interface Holder {
  session?: string;
  membership?: string;
  organization?: string;
  apiKey?: string;
}

const GROUNDS: readonly Ground[] = [
  {
    name: 'the session has ended',
    end: 'update sessions set revoked_at = now() where id = $1',
    restore: 'update sessions set revoked_at = null where id = $1',
    idOf: ({ session }) => session,
    code: 'auth.invalid_token',
  },
  {
    name: 'the member was suspended',
    end: `update members set status = 'suspended' where id = $1`,
    restore: `update members set status = 'active' where id = $1`,
    idOf: ({ membership }) => membership,
    code: 'auth.outdated_token',
  },
  {
    name: 'the member has another role',
    end: `update members set role = 'guest' where id = $1`,
    restore: `update members set role = 'owner' where id = $1`,
    idOf: ({ membership }) => membership,
    code: 'auth.outdated_token',
  },
  {
    name: 'the organization was deleted',
    end: 'update organizations set deleted_at = now() where id = $1',
    restore: 'update organizations set deleted_at = null where id = $1',
    idOf: ({ organization }) => organization,
    code: 'auth.outdated_token',
  },
  {
    name: 'the API key was revoked',
    end: 'update api_keys set revoked_at = now() where id = $1',
    restore: 'update api_keys set revoked_at = null where id = $1',
    idOf: ({ apiKey }) => apiKey,
    code: 'auth.invalid_token',
  },
];

/** Operations that ask no database, so that their access token counts until it expires; each for its reason. */
const WITHOUT_DATABASE: Record<string, string> = {
  callMcpServer: 'lists what the credential itself states; each tool that is called proves the credential',
  callMemoryMcpServer:
    'lists what the credential itself states; each tool that is called proves the credential',
  callThinkingMcpServer:
    'lists what the credential itself states; each tool that is called proves the credential',
  whoAmI: 'answers what the credential itself states',
  listMcpPresets: 'answers a list that is the same for everybody',
  listAiModels: 'answers the catalogue, which is the same for everybody',
  testBeforeCall: 'assesses what the caller sends, and stores nothing',
};

let world: World;

const claimsOf = (token: string): Record<string, string> =>
  JSON.parse(fromUtf8(fromBase64Url(token.replace(GUEST_TICKET_PREFIX, '').split('.')[1]!)));

/** What the credential rests on. Operations on the own account need the session alone. */
async function findHolder({ access }: Route, token: string): Promise<Holder> {
  if (token.startsWith(API_KEY_PREFIX)) {
    const [key] = await ownerSql<{ id: string; organization_id: string }>(
      'select id, organization_id from api_keys where starts_with($1, prefix)',
      [token],
    );
    return { apiKey: key!.id, organization: key!.organization_id };
  }
  const { sub, sid, org } = claimsOf(token);
  if (token.startsWith(GUEST_TICKET_PREFIX)) return { organization: org! };
  if (access.kind !== 'permission' && !('inOrganization' in access)) return { session: sid! };
  const [member] = await ownerSql<{ id: string }>(
    `select id from members where user_id = $1 and organization_id = $2 and role = 'owner'`,
    [sub, org],
  );
  return { session: sid!, organization: org!, ...(member ? { membership: member.id } : {}) };
}

interface EndedCall {
  ground: Ground;
  answer: TestResponse;
}

/** Prepares a call that would succeed, and makes it while each of its grounds is gone. */
async function callWithoutEachGround(route: Route): Promise<EndedCall[]> {
  const person = await world.app.person();
  const defaults = { token: person.token, params: await createParams(route, world, person) };
  const call = { ...defaults, ...(await preparations[route.operationId]?.(world)) };
  const holder = await findHolder(route, call.token);
  const made: EndedCall[] = [];
  for (const ground of GROUNDS) {
    const id = ground.idOf(holder);
    if (id === undefined) continue;
    await ownerSql(ground.end, [id]);
    made.push({ ground, answer: await callRoute(route, world, call) });
    await ownerSql(ground.restore, [id]);
  }
  return made;
}

beforeAll(async () => {
  world = await createWorld();
});

const authenticated = routes
  .filter(({ access }) => access.kind !== 'public' && access.kind !== 'operator')
  .map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);
const hasDatabase = ([, { operationId }]: readonly [string, Route]) => !(operationId in WITHOUT_DATABASE);

describe('a credential whose grounds have ended', () => {
  it.each(authenticated.filter(hasDatabase))('%s: is refused at once', async (_name, route) => {
    const made = await callWithoutEachGround(route);
    expect(made.length).toBeGreaterThan(0);
    for (const { ground, answer } of made)
      expect([ground.name, answer.status, answer.body.code]).toEqual([ground.name, 401, ground.code]);
  });
});
