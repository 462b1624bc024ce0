import { expect } from 'vitest';
import type { Person, TestApp, TestResponse } from '../../support/app.ts';

/** The requests of rings, for tests. */
export const createRingClient = (app: () => TestApp) => {
  const send = (person: Person, method: string, path: string, body?: object) =>
    app().send(method, path, { token: person.token, ...(body ? { body } : {}) });
  return {
    ring: (from: Person, to: Person | string, more: object = {}) =>
      send(from, 'POST', '/api/v1/rings', { to: typeof to === 'string' ? to : to.userId, ...more }),
    answer: (
      person: Person,
      { body }: TestResponse,
      how: 'accept' | 'decline' | 'cancel',
      more: object = {},
    ) => send(person, 'POST', `/api/v1/rings/${body.id}/${how}`, more),
    read: (person: Person, { body }: TestResponse) => send(person, 'GET', `/api/v1/rings/${body.id}`),
    list: async (person: Person, query = ''): Promise<{ id: string; status: string; missed: boolean }[]> =>
      (await send(person, 'GET', `/api/v1/rings${query}`)).body.data,
    setStatus: (person: Person, status: string) => send(person, 'PUT', '/api/v1/me/presence', { status }),
    updateSettings: async (person: Person, body: object) => {
      expect(await send(person, 'PATCH', '/api/v1/me/presence/settings', body)).toMatchObject({
        status: 200,
      });
    },
    addContact: async (owner: Person, person: Person, more: object = {}): Promise<string> =>
      (await send(owner, 'POST', '/api/v1/contacts', { userId: person.userId, ...more })).body.id,
  };
};
