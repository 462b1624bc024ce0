import { AccessToken } from 'livekit-server-sdk';
import { describe, expect, it } from 'vitest';
import { adminGrants, callApi, createRoomName, type RequireMediaServer } from './tested-media-server.ts';

/** Which requests are authorized, and how others are refused. */
export function describeCallers(subjectOf: RequireMediaServer): void {
  describe('a request', () => {
    const room = createRoomName();

    it('needs a token of a known key with the grant', async (context) => {
      const subject = subjectOf(context);
      const refusals = await Promise.all([
        callApi(subject, 'ListRooms', {}, {}),
        callApi(subject, 'ListRooms', { roomList: true }, {}, () => undefined),
        callApi(subject, 'CreateRoom', { roomList: true }, { name: room }),
        callApi(subject, 'DeleteRoom', adminGrants(room), { room }),
        callApi(subject, 'ListParticipants', adminGrants('call_other'), { room }),
      ]);
      for (const refusal of refusals)
        expect(refusal).toEqual({
          status: 401,
          body: { code: 'unauthenticated', msg: 'permissions denied' },
        });
    });

    it('is refused with the fault of its token in plain text', async (context) => {
      const subject = subjectOf(context);
      const list = (signed: (token: string) => string) =>
        callApi(subject, 'ListRooms', { roomList: true }, {}, signed);
      expect(await list(() => 'nonsense')).toEqual({ status: 401, body: 'invalid authorization token' });
      const foreign = new AccessToken('other-key', 'x'.repeat(40), { identity: 'contract' });
      const foreignToken = await foreign.toJwt();
      expect(await list(() => foreignToken)).toEqual({ status: 401, body: 'invalid API key: other-key' });
      const tampered = await list((token) => `${token.slice(0, token.lastIndexOf('.'))}.AAAA`);
      expect(tampered).toEqual({ status: 401, body: expect.stringMatching(/^invalid token: .*, error: /) });
      const expired = new AccessToken(subject.apiKey, subject.apiSecret, { identity: 'a', ttl: -3600 });
      const expiredToken = await expired.toJwt();
      expect((await list(() => expiredToken)).status).toBe(401);
    });

    it('is refused when it is malformed', async (context) => {
      const subject = subjectOf(context);
      const malformed = {
        status: 400,
        body: { code: 'malformed', msg: 'the json request could not be decoded' },
      };
      expect(await callApi(subject, 'ListRooms', { roomList: true }, '{not json')).toEqual(malformed);
      expect(await callApi(subject, 'ListRooms', { roomList: true }, { names: 5 })).toEqual(malformed);
      expect(await callApi(subject, 'Nothing', {}, {})).toMatchObject({
        status: 404,
        body: { code: 'bad_route' },
      });
    });
  });
}
