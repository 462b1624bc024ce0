import { beforeEach, describe, expect, it } from 'vitest';
import { callStarted } from '../../../src/calls/calls/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { AGENTS, createAgent } from '../../support/agents.ts';
import { beforeNextCommit } from '../../support/before-commit.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { AGENTS_SECRET } from '../../support/call-agents.ts';
import { createMeeting, type Meeting } from '../../support/meeting.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { publishEvents } from '../../support/workflows.ts';

const app = createTestApp({}, { AGENTS_SECRET });
let meeting: Meeting;
let moderator: Person;
let agentId: string;

const ASSIGNMENTS = '/agent-assignments';
const assign = (by = moderator, fields: object = {}) =>
  meeting.send('POST', ASSIGNMENTS, by, { agentId, ...fields });
const list = async (by = meeting.host) => (await meeting.send('GET', ASSIGNMENTS, by)).body.data;
const agentsInCall = async () => (await meeting.send('GET', '/agents', meeting.host)).body.data;
/** The first participant joins. */
const begin = async () => {
  const attendee = await meeting.join();
  await reportClusterEvents(app);
  return attendee;
};
const createRoom = async () =>
  (await app.send('POST', '/api/v1/rooms', { token: meeting.host.token, body: { name: 'Other' } })).body.id;
const createLink = async () =>
  (
    await app.send('POST', '/api/v1/links', {
      token: meeting.host.token,
      body: { roomId: meeting.roomId },
    })
  ).body as { id: string; code: string };
const joinBy = async ({ code }: { code: string }) => {
  const { body } = await app.send('POST', `/api/v1/links/${code}/join`, { body: { name: 'Guest' } });
  app.liveKit.cluster.join(body.callId, body.identity, { name: 'Guest', attributes: { role: body.role } });
  await reportClusterEvents(app);
};

beforeEach(async () => {
  await ownerSql('delete from call_agents', []);
  meeting = await createMeeting({}, app);
  const { organizationId } = meeting.host;
  moderator = await app.person({ organizationId, role: 'member' });
  await setRole('moderator');
  agentId = await createAgent(app, meeting.host);
});

const setRole = (role: string) =>
  ownerSql(
    `insert into room_people (organization_id, room_id, identity, user_id, role, changed_by, updated_at)
     values ($1, $2, $3, $3, $4, $3, now()) on conflict (room_id, identity) do update set role = excluded.role`,
    [meeting.host.organizationId, meeting.roomId, moderator.userId, role],
  );

describe('an assigned agent', () => {
  it('joins each call once its first participant has joined, invited by the person who assigned it', async () => {
    expect(await assign()).toMatchObject({ status: 201, body: { lastAttempt: null } });
    await meeting.join({ connect: false });
    expect(await agentsInCall()).toEqual([]);
    const { callId } = await begin();
    expect(await agentsInCall()).toMatchObject([
      { agentId, callId, name: 'Help (AI agent)', invitedBy: moderator.userId, state: 'requested' },
    ]);
    expect(await list()).toMatchObject([{ agentId, lastAttempt: { callId, refusal: null } }]);
  });

  it('comes once into a call, however often the start is reported, and stays out when it was removed', async () => {
    await assign();
    const { callId } = await begin();
    const started = [callStarted.of({ callId, roomId: meeting.roomId })];
    await publishEvents(app, meeting.host.organizationId, started);
    await app.drain();
    const [{ id }] = await agentsInCall();
    expect(await agentsInCall()).toHaveLength(1);
    await meeting.send('DELETE', `/agents/${id}`, meeting.host);
    const link = await createLink();
    await assign(meeting.host, { linkId: link.id });
    await joinBy(link);
    expect(await agentsInCall()).toEqual([]);
    const ofLink = (await list()).find(({ linkId }: { linkId: string }) => linkId === link.id);
    expect(ofLink).toMatchObject({
      lastAttempt: { refusal: 'agent_assignments.came_already' },
    });
  });

  it.each([
    ['moderates the room no more', () => setRole('participant'), 'moderation.not_moderator'],
    [
      'was suspended',
      () => ownerSql("update members set status = 'suspended' where user_id = $1", [moderator.userId]),
      'auth.forbidden',
    ],
    [
      'may not use AI any more',
      () => ownerSql("update members set role = 'guest' where user_id = $1", [moderator.userId]),
      'auth.forbidden',
    ],
    [
      'assigned an agent that was switched off',
      () =>
        app.send('PATCH', `${AGENTS}/${agentId}`, { token: meeting.host.token, body: { enabled: false } }),
      'agents.switched_off',
    ],
    [
      'assigned an agent that does not show to them any more',
      () =>
        app.send('PATCH', `${AGENTS}/${agentId}`, {
          token: meeting.host.token,
          body: { audience: 'managers' },
        }),
      'agents.not_found',
    ],
    [
      'assigned it to a room whose recordings need consent since',
      () => ownerSql("update rooms set recording_consent = 'required' where id = $1", [meeting.roomId]),
      'call_agents.needs_consent',
    ],
    [
      'belongs to an organization whose plan has no agents any more',
      () =>
        app.send('POST', `/api/v1/operator/organizations/${meeting.host.organizationId}/entitlement-grants`, {
          token: app.operator,
          body: { kind: 'feature', name: 'agents', value: 0, reason: 'Test' },
        }),
      'billing.feature_not_included',
    ],
  ])('is refused, with the reason, when its person %s', async (_what, happen, refusal) => {
    expect(await assign()).toMatchObject({ status: 201 });
    await happen();
    const { callId } = await begin();
    expect(await list()).toMatchObject([{ lastAttempt: { callId, refusal } }]);
    expect(await ownerSql('select from call_agents', [])).toEqual([]);
  });

  it('joins no call that is over when its start is handled', async () => {
    await assign();
    const { callId } = await meeting.join({ connect: false });
    await ownerSql("update calls set status = 'ended' where id = $1", [callId]);
    await publishEvents(app, meeting.host.organizationId, [
      callStarted.of({ callId, roomId: meeting.roomId }),
    ]);
    await app.drain();
    expect(await ownerSql('select from call_agents', [])).toEqual([]);
    expect(await list()).toMatchObject([{ lastAttempt: null }]);
  });

  it('of a link joins once a guest has come by it, and by no other one', async () => {
    const [link, other] = [await createLink(), await createLink()];
    expect(await assign(meeting.host, { linkId: link.id })).toMatchObject({ status: 201 });
    await begin();
    await joinBy(other);
    expect(await agentsInCall()).toEqual([]);
    await joinBy(link);
    expect(await agentsInCall()).toMatchObject([{ agentId, invitedBy: meeting.host.userId }]);
  });

  it('is not assigned to a link that is deleted, and no longer to one that was: also at the same moment', async () => {
    const link = await createLink();
    expect(await assign(meeting.host, { linkId: link.id })).toMatchObject({ status: 201 });
    const other = await createLink();
    const remove = ({ id }: { id: string }) =>
      app.send('DELETE', `/api/v1/links/${id}`, { token: meeting.host.token });
    beforeNextCommit(app, meeting.host, () => remove(other));
    expect(await assign(meeting.host, { linkId: other.id })).toMatchObject({
      status: 404,
      body: { code: 'links.not_found' },
    });
    expect(await remove(link)).toMatchObject({ status: 204 });
    await app.drain();
    expect(await list()).toEqual([]);
  });

  it('is assigned by moderators, to links by hosts, to whom alone these show', async () => {
    const { organizationId } = meeting.host;
    const member = await app.person({ organizationId, role: 'member' });
    const link = await createLink();
    expect(await assign(member)).toMatchObject({ status: 403, body: { code: 'moderation.not_moderator' } });
    expect(await assign(moderator, { linkId: link.id })).toMatchObject({ status: 403 });
    const { body } = await assign(meeting.host, { linkId: link.id });
    expect(await list(moderator)).toEqual([]);
    const remove = (by: Person) => meeting.send('DELETE', `${ASSIGNMENTS}/${body.id}`, by);
    expect(await remove(moderator)).toMatchObject({ status: 404 });
    expect(await remove(member)).toMatchObject({ status: 403 });
    expect(await remove(meeting.host)).toMatchObject({ status: 204 });
    expect(await list()).toEqual([]);
  });

  it('is assigned once to a room, which has five assignments at most, and to links of this room', async () => {
    expect(await assign()).toMatchObject({ status: 201 });
    expect(await assign(meeting.host)).toMatchObject({
      status: 409,
      body: { code: 'agent_assignments.exists' },
    });
    const body = { roomId: await createRoom() };
    const elsewhere = await app.send('POST', '/api/v1/links', { token: meeting.host.token, body });
    expect(await assign(meeting.host, { linkId: elsewhere.body.id })).toMatchObject({
      status: 404,
      body: { code: 'links.not_found' },
    });
    for (let count = 2; count <= 5; count++) {
      agentId = await createAgent(app, meeting.host);
      expect(await assign()).toMatchObject({ status: 201 });
    }
    agentId = await createAgent(app, meeting.host);
    expect(await assign()).toMatchObject({ status: 409, body: { code: 'agent_assignments.too_many' } });
  });
});
