import { expect } from 'vitest';
import type { Person, TestApp, TestResponse } from '../../support/app.ts';

type Settings = Record<string, unknown>;

/** What tests do with links, through the API. */
export interface LinkFixture {
  app: TestApp;
  host: Person;
  room(settings?: Settings): Promise<string>;
  /** Creates a link to a room, and the room unless one is named. */
  link(settings?: Settings, roomSettings?: Settings): Promise<{ id: string; code: string; roomId: string }>;
  colleague(): Promise<Person>;
  validate(code: string, body?: Settings, headers?: Record<string, string>): Promise<TestResponse>;
  join(code: string, body?: Settings, headers?: Record<string, string>): Promise<TestResponse>;
  joinAsMember(code: string, person: Person, body?: Settings): Promise<TestResponse>;
  read(linkId: string): Promise<TestResponse>;
  change(linkId: string, body: Settings, token?: string): Promise<TestResponse>;
}

export async function createLinkFixture(app: TestApp): Promise<LinkFixture> {
  const host = await app.person();
  const world: LinkFixture = {
    app,
    host,
    async room(settings = {}) {
      const body = { name: 'Room', ...settings };
      const answer = await app.send('POST', '/api/v1/rooms', { token: host.token, body });
      expect(answer).toMatchObject({ status: 201 });
      return answer.body.id as string;
    },
    async link(settings = {}, roomSettings = {}) {
      const where =
        'roomId' in settings || 'callId' in settings ? {} : { roomId: await world.room(roomSettings) };
      const body = { ...where, ...settings };
      const answer = await app.send('POST', '/api/v1/links', { token: host.token, body });
      expect(answer).toMatchObject({ status: 201 });
      return answer.body as { id: string; code: string; roomId: string };
    },
    colleague: () => app.person({ role: 'member', organizationId: host.organizationId }),
    validate: (code, body = {}, headers = {}) =>
      app.send('POST', `/api/v1/links/validate/${code}`, { body, headers }),
    join: (code, body = {}, headers = {}) =>
      app.send('POST', `/api/v1/links/${code}/join`, { body: { name: 'Ada', ...body }, headers }),
    joinAsMember: (code, { token }, body = {}) =>
      app.send('POST', `/api/v1/links/${code}/join-as-member`, { token, body }),
    read: (linkId) => app.send('GET', `/api/v1/links/${linkId}`, { token: host.token }),
    change: (linkId, body, token = host.token) =>
      app.send('PATCH', `/api/v1/links/${linkId}`, { token, body }),
  };
  return world;
}

/** A caller's address, as the network reports it. */
export const headersFrom = (ip: string, userAgent = 'browser'): Record<string, string> => ({
  'cf-connecting-ip': ip,
  'user-agent': userAgent,
});
