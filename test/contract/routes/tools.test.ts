import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '@modelcontextprotocol/client';
import { foldTools, inputOf, type Tool } from '../../../src/platform/tools/index.ts';
import { permits } from '../../../src/kernel/core/index.ts';
import { modules } from '../../../src/modules.ts';
import { connectMcp } from '../../support/mcp.ts';
import { createParams, createWorld, namingParams, type World } from './world.ts';

const tools = foldTools(modules);
const cases = tools.map((tool) => [tool.name, tool] as const);

let world: World;
let clients: { owner: Client; other: Client };

beforeAll(async () => {
  world = await createWorld();
  const { app, owner, otherOwner } = world;
  clients = { owner: await connectMcp(app, owner.token), other: await connectMcp(app, otherOwner.token) };
});

const call = (client: Client, name: string, args: Record<string, unknown>) =>
  client.callTool({ name, arguments: args });

/** Values for the path of the tool's operation that name what the owner has, and a confirmation. */
async function argumentsOf({ route, risk }: Tool): Promise<Record<string, unknown>> {
  const { organizationId: _fromCredential, ...params } = await createParams(route, world, world.owner);
  return {
    ...(route.body?.example as Record<string, unknown> | undefined),
    ...params,
    ...(risk === 'destructive' ? { confirm: true } : {}),
  };
}

/** Tools whose path names nothing that belongs to somebody, beside the organization of the credential. */
const named = cases.filter(([, { route }]) => namingParams(route).some((name) => name !== 'organizationId'));

describe('a tool', () => {
  it('has a name of its own that every client takes, and an operation of the API that answers', () => {
    const names = tools.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z][a-z0-9_]{2,63}$/.test(name))).toEqual([]);
    const wrong = tools.filter(
      ({ route: { path, access, success, streamBody, rawBody } }) =>
        !path.startsWith('/api/v1/') ||
        access.kind !== 'permission' ||
        streamBody !== undefined ||
        rawBody !== undefined ||
        Object.values(success).some(({ mediaTypes = [] }) => mediaTypes.includes('text/event-stream')),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it.each(cases)('%s: describes every argument', (_name, tool) => {
    const { properties } = inputOf(tool).schema as { properties: Record<string, { description?: string }> };
    const silent = Object.entries(properties).filter(([, { description = '' }]) => description.length < 3);
    expect(silent.map(([argument]) => argument)).toEqual([]);
    expect(JSON.stringify(inputOf(tool).schema)).not.toContain('#/components');
  });

  it.each(cases)(
    '%s: changes nothing exactly when it says so',
    (_name, { risk, route: { method, access } }) => {
      const reads = access.kind === 'permission' && access.permission.endsWith(':read');
      if (risk === 'read') expect(reads).toBe(true);
      else expect(method).not.toBe('get');
    },
  );

  it.each(cases)('%s: is neither listed nor called without its permission', async (name, { route }) => {
    const { app, owner } = world;
    const { access } = route;
    const needed = access.kind === 'permission' ? access.permission : undefined;
    const scope = needed?.startsWith('rooms:') ? 'memories:read' : 'rooms:read';
    expect(permits([scope], needed!)).toBe(false);
    const { body } = await app.send('POST', '/api/v1/api-keys', {
      token: owner.token,
      body: { name: `Without ${name} ${crypto.randomUUID()}`, scopes: [scope] },
    });
    const client = await connectMcp(app, body.secret as string);
    expect((await client.listTools()).tools.map((tool) => tool.name)).not.toContain(name);
    await expect(call(client, name, {})).rejects.toMatchObject({ code: -32602 });
  });

  it.each(named)('%s: finds nothing of another organization', async (name, tool) => {
    const args = await argumentsOf(tool);
    const foreign = await call(clients.other, name, args);
    expect([foreign.isError, foreign.structuredContent]).toEqual([
      true,
      expect.objectContaining({ status: 404 }),
    ]);
  });

  it.each(cases.filter(([, { risk }]) => risk === 'destructive'))(
    '%s: does nothing before it is confirmed',
    async (name, tool) => {
      const { confirm: _confirm, ...args } = await argumentsOf(tool);
      for (const confirm of [undefined, false, 'true']) {
        const refused = await call(clients.owner, name, {
          ...args,
          ...(confirm === undefined ? {} : { confirm }),
        });
        expect(refused.structuredContent).toMatchObject({ code: 'tools.confirmation_required' });
      }
    },
  );
});
