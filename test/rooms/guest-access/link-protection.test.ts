import { beforeEach, describe, expect, it } from 'vitest';
import { WRONG_PASSWORD_LIMITS } from '../../../src/rooms/guest-access/require-password.ts';
import { createTestApp, type TestApp, type TestResponse } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createLinkFixture, headersFrom, type LinkFixture } from '../links/link-fixture.ts';
import { changeCall } from '../../support/calls.ts';

/** Parallel guesses: as many as can be checked within the database's time limit. */
const GUESSERS = 20;

let app: TestApp;
let world: LinkFixture;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
});

const figures = async (linkId: string) => {
  const { clicks, uniqueVisitors, uses } = (await world.read(linkId)).body;
  return { clicks, uniqueVisitors, uses };
};

describe('following a link', () => {
  it('shows what it leads to, with the features that the link enables', async () => {
    const link = await world.link({
      title: 'Support',
      description: 'Talk to us.',
      enableChat: false,
      requireApproval: true,
      autoJoin: true,
      defaultRole: 'viewer',
    });
    expect((await world.validate(link.code)).body).toEqual({
      valid: true,
      linkId: link.id,
      type: 'room',
      access: 'public',
      title: 'Support',
      description: 'Talk to us.',
      requiresPassword: false,
      requiresApproval: true,
      autoJoin: true,
      role: 'viewer',
      room: {
        id: link.roomId,
        name: 'Room',
        type: 'group',
        status: 'open',
        live: false,
        recordingRequestedAt: null,
        recordingConsent: 'notice',
      },
      features: { recording: false, screenShare: true, chat: false, files: true, captions: true },
    });
  });

  it('accepts the code as people write it', async () => {
    const { code } = await world.link();
    const spelled = code.toUpperCase().replaceAll('0', 'O').replaceAll('1', 'L');
    for (const text of [`${spelled.slice(0, 4)}-${spelled.slice(4)}`, ` ${spelled} `])
      expect(await world.validate(encodeURIComponent(text))).toMatchObject({ status: 200 });
  });

  it('counts clicks and visitors, and stores no address', async () => {
    const { id, code } = await world.link();
    const visits = [
      headersFrom('203.0.113.7', 'fox'),
      headersFrom('203.0.113.7', 'fox'),
      headersFrom('203.0.113.7', 'owl'),
      headersFrom('203.0.113.8', 'fox'),
      // Addresses of one IPv6 network count as one.
      headersFrom('2001:db8:1:2::1', 'fox'),
      headersFrom('2001:db8:1:2:ffff::9', 'fox'),
    ];
    for (const headers of visits) await world.validate(code, {}, headers);
    expect(await figures(id)).toEqual({ clicks: 6, uniqueVisitors: 3, uses: 0 });
    const rows = await ownerSql('select * from link_visitors where link_id = $1', [id]);
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113|2001:db8|fox/);
  });

  it('hashes one visitor differently for each link', async () => {
    const [one, two] = [await world.link(), await world.link()];
    for (const { code } of [one, two]) await world.validate(code, {}, headersFrom('203.0.113.7'));
    const rows = await ownerSql<{ visitor_hash: string }>(
      'select visitor_hash from link_visitors where link_id = any($1)',
      [[one.id, two.id]],
    );
    expect(new Set(rows.map((row) => row.visitor_hash)).size).toBe(2);
  });

  it('counts all visitors who come at once', async () => {
    const { id, code } = await world.link();
    const visits = Array.from({ length: 20 }, (_, at) =>
      world.validate(code, {}, headersFrom(`203.0.113.${at % 10}`)),
    );
    await Promise.all(visits);
    expect(await figures(id)).toEqual({ clicks: 20, uniqueVisitors: 10, uses: 0 });
  });

  it('counts also when the link is no longer usable', async () => {
    const { id, code } = await world.link({ isActive: false });
    expect((await world.validate(code)).body).toMatchObject({ status: 403, code: 'links.inactive' });
    expect(await figures(id)).toMatchObject({ clicks: 1 });
  });

  it('answers even when the visit cannot be counted', async () => {
    const { id, code } = await world.link();
    const { commit } = app.services.database;
    app.services.database.commit = () => Promise.reject(new Error('down'));
    const answer = await world.validate(code);
    app.services.database.commit = commit;
    expect(answer.status).toBe(200);
    expect(app.log).toContainEqual(expect.objectContaining({ event: 'after.failed' }));
    expect(await figures(id)).toMatchObject({ clicks: 0 });
  });
});

describe('newcomers are refused', () => {
  const refused = async (code: string, expected: string, status = 403) => {
    for (const answer of [
      await world.validate(code),
      await world.join(code),
      await world.joinAsMember(code, await world.colleague()),
    ])
      expect(answer.body).toMatchObject({ status, code: expected });
  };

  it('for a code that does not exist', () => refused('000000000000', 'links.not_found', 404));

  it('by a deleted link', async () => {
    const { id, code } = await world.link();
    await app.send('DELETE', `/api/v1/links/${id}`, { token: world.host.token });
    await refused(code, 'links.not_found', 404);
  });

  it('by an inactive link, until it is activated', async () => {
    const { id, code } = await world.link({ isActive: false });
    await refused(code, 'links.inactive');
    await world.change(id, { isActive: true });
    expect(await world.join(code)).toMatchObject({ status: 200 });
  });

  it('by a link from the moment at which it expires', async () => {
    const { code } = await world.link({ expiresInSeconds: 60 });
    app.clock.advanceSeconds(59);
    expect(await world.join(code)).toMatchObject({ status: 200 });
    app.clock.advanceSeconds(1);
    await refused(code, 'links.expired');
  });

  it('by an exhausted link', async () => {
    const { code } = await world.link({ maxUses: 1 });
    expect(await world.join(code)).toMatchObject({ status: 200 });
    await refused(code, 'links.exhausted');
  });

  it('by a link to a call that is over, also while another call is open', async () => {
    const roomId = await world.room();
    const start = () =>
      app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: world.host.token, body: {} });
    const { callId } = (await start()).body;
    const { code } = await world.link({ callId });
    const guest = await world.join(code);
    expect(guest.body).toMatchObject({ status: 'admitted', callId });
    await changeCall(app, callId, { status: 'ended' });
    await refused(code, 'links.call_ended');
    expect((await start()).body.callId).not.toBe(callId);
    await refused(code, 'links.call_ended');
    const back = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
      token: guest.body.guestTicket,
      body: {},
    });
    expect(back.body).toMatchObject({ code: 'rooms.ended' });
  });

  it('by a restricted link unless they are members of the organization', async () => {
    const { code } = await world.link({ access: 'restricted', title: 'Board' });
    for (const answer of [await world.validate(code), await world.join(code)]) {
      expect(answer.body).toMatchObject({ status: 403, code: 'links.restricted' });
      expect(JSON.stringify(answer.body)).not.toContain('Board');
    }
    const outsider = await app.person();
    expect((await world.joinAsMember(code, outsider)).body).toMatchObject({ code: 'links.not_found' });
    expect(await world.joinAsMember(code, await world.colleague())).toMatchObject({ status: 200 });
  });

  it('by a link to an ended room', async () => {
    const { code, roomId } = await world.link();
    await ownerSql(`update rooms set status = 'ended' where id = $1`, [roomId]);
    expect((await world.validate(code)).body).toMatchObject({ room: { status: 'ended' } });
    expect((await world.join(code)).body).toMatchObject({ code: 'rooms.ended' });
  });
});

describe('a password', () => {
  const secret = { password: 'tulip window', title: 'Board' };

  it('is required before anything is disclosed', async () => {
    const { id, code } = await world.link(secret);
    for (const send of [world.validate, world.join]) {
      const none = await send(code);
      expect(none.body).toMatchObject({ status: 401, code: 'links.password_required' });
      const wrong = await send(code, { password: 'tulip table' });
      expect(wrong.body).toMatchObject({ status: 401, code: 'links.wrong_password' });
      expect(JSON.stringify([none.body, wrong.body])).not.toMatch(/Board|room_/);
    }
    const right = { password: secret.password };
    expect(await world.validate(code, right)).toMatchObject({ status: 200, body: { title: 'Board' } });
    expect(await world.join(code, right)).toMatchObject({ status: 200 });
    // One visit without a password and one with it; two wrong passwords are no visits.
    expect(await figures(id)).toMatchObject({ clicks: 2, uses: 1 });
  });

  it('is required of members, too', async () => {
    const { code } = await world.link(secret);
    const person = await world.colleague();
    expect((await world.joinAsMember(code, person)).body).toMatchObject({ code: 'links.password_required' });
    expect(await world.joinAsMember(code, person, { password: secret.password })).toMatchObject({
      status: 200,
    });
  });

  it('is the same in every Unicode normalization', async () => {
    const { code } = await world.link({ password: 'café' });
    expect(await world.validate(code, { password: 'cafe\u0301' })).toMatchObject({ status: 200 });
  });

  const guess = (code: string, ip: string, password = 'wrong') =>
    world.validate(code, { password }, headersFrom(ip));
  const { network, all } = WRONG_PASSWORD_LIMITS;

  it('can be guessed at most ten times in ten minutes from one network', async () => {
    const { code } = await world.link(secret);
    const answers = await Promise.all(
      Array.from({ length: network.limit + 5 }, () => guess(code, '203.0.113.7')),
    );
    const count = (wanted: string) => answers.filter(({ body }) => body.code === wanted).length;
    expect(count('links.wrong_password')).toBe(network.limit);
    expect(count('links.too_many_attempts')).toBe(5);
    const shut = await guess(code, '203.0.113.7', secret.password);
    expect(shut).toMatchObject({ status: 429, body: { code: 'links.too_many_attempts' } });
    const wait = Number(shut.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(network.periodSeconds);
    expect(await guess(code, '203.0.113.8', secret.password)).toMatchObject({ status: 200 });
    app.clock.advanceSeconds(wait);
    expect(await guess(code, '203.0.113.7', secret.password)).toMatchObject({ status: 200 });
  });

  /** Wrong passwords from many networks, up to the bound of all together. */
  async function guessFromEverywhere(code: string) {
    const answers: TestResponse[] = [];
    for (let from = 0; from < all.limit; from += GUESSERS)
      answers.push(
        ...(await Promise.all(
          Array.from({ length: GUESSERS }, (_, at) => guess(code, `2001:db8:${from + at}::1`)),
        )),
      );
    expect(answers.filter(({ body }) => body.code === 'links.wrong_password')).toHaveLength(all.limit);
  }

  it('can be guessed once from each network after 200 wrong ones, and people with the right one come in', async () => {
    const { code } = await world.link(secret);
    await guessFromEverywhere(code);
    expect(await guess(code, '198.51.100.1', secret.password)).toMatchObject({ status: 200 });
    expect((await guess(code, '198.51.100.2')).body).toMatchObject({ code: 'links.wrong_password' });
    expect(await guess(code, '198.51.100.2')).toMatchObject({ status: 429 });
    const parallel = await Promise.all(Array.from({ length: 5 }, () => guess(code, '198.51.100.3')));
    expect(parallel.filter(({ status }) => status === 401)).toHaveLength(1);
    const other = await world.link(secret);
    await guess(other.code, '198.51.100.2');
    expect(await guess(other.code, '198.51.100.2', secret.password)).toMatchObject({ status: 200 });
  });

  it('that is new starts over, also for a network that guessed the one before', async () => {
    const { id, code } = await world.link(secret);
    for (let each = 0; each < network.limit; each++) await guess(code, '203.0.113.7');
    expect(await guess(code, '203.0.113.7', secret.password)).toMatchObject({ status: 429 });
    expect(await world.change(id, { password: 'rose lantern' })).toMatchObject({ status: 200 });
    expect(await guess(code, '203.0.113.7', 'rose lantern')).toMatchObject({ status: 200 });
  });

  it('is taken from members of the organization whatever visitors of their network tried', async () => {
    const { code } = await world.link(secret);
    for (let each = 0; each <= network.limit; each++) await guess(code, '203.0.113.7');
    const path = `/api/v1/links/${code}/join-as-member`;
    for (const person of [world.host, await world.colleague()])
      expect(
        await app.send('POST', path, {
          token: person.token,
          body: { password: secret.password },
          headers: headersFrom('203.0.113.7'),
        }),
      ).toMatchObject({ status: 200 });
  });

  it('can be guessed thirty times in ten minutes by one member, and others are not affected', async () => {
    const { code } = await world.link(secret);
    const [one, two] = [await world.colleague(), await world.colleague()];
    for (let each = 0; each < WRONG_PASSWORD_LIMITS.member.limit; each++)
      expect((await world.joinAsMember(code, one, { password: 'wrong' })).status).toBe(401);
    const right = { password: secret.password };
    expect((await world.joinAsMember(code, one, right)).status).toBe(429);
    expect((await world.joinAsMember(code, two, right)).status).toBe(200);
  });

  it('that is right is not counted, however many people know it', async () => {
    const { code } = await world.link(secret, { capacity: 100 });
    for (let round = 0; round < network.limit + 5; round++)
      expect(await guess(code, '203.0.113.7', secret.password)).toMatchObject({ status: 200 });
  });

  it('is not compared while attempts cannot be counted', async () => {
    const { code } = await world.link(secret);
    app.services.ports.budgets.reserve = () => Promise.reject(new Error('no object'));
    expect(await guess(code, '203.0.113.7', secret.password)).toMatchObject({
      status: 503,
      body: { code: 'server.unavailable' },
    });
  });
});
