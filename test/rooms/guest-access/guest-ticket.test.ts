import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../src/platform/http/index.ts';
import { routes } from '../../../workers/http.ts';
import { callRoute, missingParams, createParams, type World } from '../../contract/routes/world.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createLinkFixture, type LinkFixture } from '../links/link-fixture.ts';

let app: TestApp;
let world: LinkFixture;
let ticket: string;
let roomId: string;

beforeAll(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
  // The guest with the highest role: a host of the room.
  const link = await world.link({ defaultRole: 'host' });
  ({ roomId } = link);
  ticket = (await world.join(link.code)).body.guestTicket;
});

const name = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;
const takesGuests = ({ access }: Route) => access.kind === 'permission' && access.guests === true;
const each = (wanted: (route: Route) => boolean) =>
  routes.filter(wanted).map((route) => [name(route), route] as const);
const contractWorld = (): World => ({
  app,
  owner: world.host,
  otherOwner: world.host,
  operatorToken: app.operator,
});

describe("a guest's ticket", () => {
  it.each(each((route) => takesGuests(route) && route.path.includes('{roomId}')))(
    '%s: is valid in its own room and in no other of the organization',
    async (_name, route) => {
      const params = await createParams(route, contractWorld(), world.host);
      expect(params.roomId).not.toBe(roomId);
      const answer = await callRoute(route, contractWorld(), { token: ticket, params });
      expect(answer.status).toBe(404);
      expect(answer.body.code).toMatch(/\.not_found$/);
    },
  );

  it.each(each((route) => takesGuests(route) && !route.path.includes('{roomId}')))(
    '%s: names no room and shows nothing of another one',
    async (_name, route) => {
      const params = await createParams(route, contractWorld(), world.host);
      const answer = await callRoute(route, contractWorld(), { token: ticket, params });
      if (Object.keys(params).length > 0) expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(answer.body)).not.toContain(world.host.userId);
    },
  );

  it.each(each((route) => !takesGuests(route) && !['public', 'operator'].includes(route.access.kind)))(
    '%s: is refused',
    async (_name, route) => {
      const params = missingParams(route, contractWorld());
      const answer = await callRoute(route, contractWorld(), { token: ticket, params });
      expect(answer.body).toMatchObject({ status: 403, code: 'auth.forbidden' });
    },
  );

  it('is valid in its own room', async () => {
    expect(await app.send('GET', `/api/v1/rooms/${roomId}`, { token: ticket })).toMatchObject({
      status: 200,
      body: { id: roomId },
    });
  });

  it('that is forged or truncated is refused', async () => {
    for (const token of [
      `${ticket}x`,
      ticket.slice(0, -8),
      ticket.slice('guest.'.length),
      'guest.',
      'guest.a.b.c',
    ])
      expect(await app.send('GET', `/api/v1/rooms/${roomId}`, { token })).toMatchObject({ status: 401 });
  });
});
