import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expireConversations } from '../../../src/intelligence/agent-conversations/sweep-conversations.ts';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { verifyRoomTicket } from '../../../src/realtime/protocol/room-tickets.ts';
import { ownerSql } from '../../contract/sql.ts';
import { AGENTS, CONVERSATIONS, createAgent, createConversation, definition } from '../../support/agents.ts';
import { AGENTS_SECRET, asProcess } from '../../support/call-agents.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { SpeechStandIn } from '../../support/ai/speech-stand-in.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn } from '../../support/ai/stand-in-app.ts';
import { parseEvents } from '../../support/ai/parse-events.ts';
import { createCalls } from '../../support/calls.ts';
import { storeTexts, switchMemory } from '../../support/memories.ts';

let app: TestApp;
let standIn: AiStandIn;
let speech: SpeechStandIn;
let owner: Person;
let member: Person;
let agentId: string;
let roomId: string;

beforeAll(async () => {
  speech = new SpeechStandIn();
  await speech.start();
  const { url, secret } = speech;
  ({ app, standIn } = await createAppWithStandIn(
    { AGENTS_SECRET },
    { speech: createSpeechService({ url, secret }) },
  ));
});
afterAll(() => Promise.all([standIn.stop(), speech.stop()]));
beforeEach(async () => {
  await ownerSql('delete from call_agents', []);
  standIn.next.length = 0;
  standIn.requests.length = 0;
  owner = await app.person({ plan: 'pro' });
  const { organizationId } = owner;
  member = await app.person({ organizationId, role: 'member', plan: 'pro' });
  agentId = await createAgent(app, owner, { version: { memoryScopes: ['person', 'room', 'organization'] } });
  roomId = await createRoom();
  await createCalls(app, [{ organizationId, roomId }]);
});

const createRoom = async (fields: object = {}, { token } = member) =>
  (await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room', ...fields } })).body.id as string;
const path = () => `/api/v1/rooms/${roomId}/agents`;
const invite = ({ token } = member) => app.send('POST', path(), { token, body: { agentId } });
const poll = async (worker: string, holding: string[] = [], capacity = 4) =>
  (await app.send('POST', '/agents/poll', { headers: asProcess, body: { worker, capacity, holding } })).body;
const started = async (worker: string, holding: string[] = []) =>
  (await poll(worker, holding)).start.map(({ callAgentId }: { callAgentId: string }) => callAgentId);
const ask = (worker: string, callAgentId: string, text = 'When is the review?') =>
  app.send('POST', '/agents/answers', {
    headers: asProcess,
    body: { worker, callAgentId, speaker: 'Ada', text },
  });

describe('an agent in a call', () => {
  it('is given to one process, with a token for its identity alone', async () => {
    const { status, body } = await invite();
    expect([status, body.state, body.name]).toEqual([201, 'requested', 'Help (AI agent)']);
    const { start } = await poll('one');
    expect(start).toMatchObject([{ callAgentId: body.id, name: 'Help (AI agent)' }]);
    const claims = JSON.parse(Buffer.from(start[0].token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ sub: body.id, video: { room: body.callId, agent: true, hidden: false } });
    const ticket = await verifyRoomTicket(app.services.signer, start[0].room.ticket);
    const { identity, roomId: opens, role, kind, participantId } = ticket;
    expect({ identity, opens, role, kind }).toEqual({
      identity: body.id,
      opens: roomId,
      role: 'agent',
      kind: 'agent',
    });
    expect(participantId).not.toBeNull();
    expect(await started('two')).toEqual([]);
    expect((await app.send('GET', path(), { token: owner.token })).body.data).toMatchObject([
      { id: body.id, state: 'active', invitedBy: member.userId },
    ]);
  });

  it('speaks with the voice and answers with the temperature of the version that answers', async () => {
    const plain = await invite();
    expect((await poll('one')).start).toMatchObject([{ callAgentId: plain.body.id, voice: null }]);
    const body = { definition: definition({ voice: 'joe', temperature: 0.2 }) };
    await app.send('POST', `${AGENTS}/${agentId}/versions`, { token: owner.token, body });
    app.clock.advanceSeconds(7);
    expect((await poll('two')).start).toMatchObject([{ callAgentId: plain.body.id, voice: 'joe' }]);
    await ask('two', plain.body.id);
    expect(standIn.requests.at(-1)!.body.temperature).toBe(0.2);
  });

  it('goes to another process when its own has not asked for six seconds, and from then on that one alone is answered', async () => {
    const { body } = await invite();
    expect(await started('one')).toEqual([body.id]);
    app.clock.advanceSeconds(5);
    expect(await poll('one', [body.id])).toEqual({ start: [], stop: [], sees: [] });
    app.clock.advanceSeconds(5);
    expect(await started('two')).toEqual([]);
    app.clock.advanceSeconds(2);
    expect(await started('two')).toEqual([body.id]);
    expect(await ask('one', body.id)).toMatchObject({ status: 409, body: { code: 'call_agents.not_held' } });
    expect(await ask('two', body.id)).toMatchObject({ status: 201 });
    expect((await poll('one', [body.id])).stop).toEqual([body.id]);
  });

  it('stays with a process that was slow, as long as no other one has taken it', async () => {
    const { body } = await invite();
    await started('one');
    app.clock.advanceSeconds(20);
    expect(await ask('one', body.id)).toMatchObject({ status: 409 });
    expect(await poll('one', [body.id])).toEqual({ start: [], stop: [], sees: [] });
    expect(await started('two')).toEqual([]);
    expect(await ask('one', body.id)).toMatchObject({ status: 201 });
  });

  it('goes to another process at once when its own gives it up', async () => {
    const { body } = await invite();
    await started('one');
    expect(await poll('one', [], 0)).toEqual({ start: [], stop: [], sees: [] });
    expect(await started('two')).toEqual([body.id]);
  });

  it('answers in a conversation of the person who invited it, with the name of the speaker', async () => {
    const { body } = await invite();
    await started('one');
    const answer = await ask('one', body.id);
    expect(parseEvents(answer.body).at(-1)).toMatchObject({ event: 'ended' });
    expect(standIn.requests.at(-1)!.body.messages.at(-1).content[0].text).toBe('Ada: When is the review?');
    await app.drain();
    const messages = `/api/v1/ai/conversations/${body.conversationId}/messages`;
    expect((await app.send('GET', messages, { token: member.token })).body.data).toHaveLength(2);
    expect(await app.send('GET', messages, { token: owner.token })).toMatchObject({ status: 404 });
  });

  it('answers beyond the length of a chat, and leaves its inviter all their chats', async () => {
    const { body } = await invite();
    await started('one');
    const { conversationId } = body;
    await ownerSql('update agent_conversations set message_count = 1000 where id = $1', [conversationId]);
    expect(parseEvents((await ask('one', body.id)).body).at(-1)).toMatchObject({ event: 'ended' });
    await ownerSql(
      `insert into agent_conversations (id, organization_id, agent_id, owner, user_id, title, shared, in_call, message_count,
        created_at, updated_at, version)
      select 'cnv_' || substr(md5(id || n), 1, 26), organization_id, agent_id, owner, user_id, title, shared, in_call, 0,
        created_at, updated_at, 1 from agent_conversations, generate_series(1, 500) n where id = $1`,
      [conversationId],
    );
    expect(await invite()).toMatchObject({ status: 201 });
    await createConversation(app, member, agentId);
  });

  it('has a conversation for 90 days after its last message, other than a chat', async () => {
    const { body } = await invite();
    const chat = await createConversation(app, member, agentId);
    const ids = [body.conversationId, chat];
    await ownerSql(`update agent_conversations set updated_at = '2020-01-01' where id = any($1)`, [ids]);
    await expireConversations(app.services);
    const found = ids.map((id) => app.send('GET', `${CONVERSATIONS}/${id}`, { token: member.token }));
    expect((await Promise.all(found)).map(({ status }) => status)).toEqual([404, 200]);
  });

  it('ends an answer that is being given when somebody speaks again', async () => {
    const { body } = await invite();
    await started('one');
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const first = ask('one', body.id, 'First?');
    await expect.poll(() => standIn.open).toBe(1);
    standIn.gate = undefined;
    const second = await ask('one', body.id, 'Second?');
    open();
    expect(second.status).toBe(201);
    expect(parseEvents((await first).body).at(-1)).toMatchObject({
      event: 'failed',
      data: { failure: 'cancelled' },
    });
  });

  it('is given memories of its room, and none of the person or the organization', async () => {
    await switchMemory(app, member, true);
    await storeTexts(app, member, ['My review is private.'], { scope: 'person' });
    await storeTexts(app, owner, ['The review of the organization.']);
    await storeTexts(app, member, ['The review of this room is on Monday.'], { scope: 'room', roomId });
    const { body } = await invite();
    await started('one');
    await ask('one', body.id);
    const system = standIn.requests.at(-1)!.body.system[0].text as string;
    expect(system).toContain('The review of this room');
    expect(system).not.toContain('private');
    expect(system).not.toContain('organization');
  });

  it.each([
    [
      'the call is over',
      () => ownerSql("update calls set status = 'ended' where room_id = $1", [roomId]),
      'call_over',
    ],
    [
      'its agent is switched off',
      () => app.send('PATCH', `${AGENTS}/${agentId}`, { token: owner.token, body: { enabled: false } }),
      'agent_switched_off',
    ],
    [
      'the person who invited it left the organization',
      () => ownerSql("update members set status = 'suspended' where user_id = $1", [member.userId]),
      'inviter_gone',
    ],
    [
      'recordings need consent from now on',
      () => ownerSql("update rooms set recording_consent = 'required' where id = $1", [roomId]),
      'consent_needed',
    ],
  ])('ends when %s', async (_what, happen, reason) => {
    const { body } = await invite();
    await started('one');
    await happen();
    expect(await ask('one', body.id)).toMatchObject({ status: 409 });
    expect((await poll('one', [body.id])).stop).toEqual([body.id]);
    expect(standIn.requests).toEqual([]);
    const [row] = await ownerSql('select state, reason from call_agents where id = $1', [body.id]);
    expect(row).toEqual({ state: 'ended', reason });
  });

  it('is removed by a moderator alone, and its process follows', async () => {
    const { body } = await invite();
    await started('one');
    const other = await app.person({ organizationId: owner.organizationId, role: 'member', plan: 'pro' });
    const remove = ({ token }: Person) => app.send('DELETE', `${path()}/${body.id}`, { token });
    expect(await remove(other)).toMatchObject({ status: 403 });
    expect(await remove(owner)).toMatchObject({ status: 204 });
    expect((await poll('one', [body.id])).stop).toEqual([body.id]);
    expect(await ask('one', body.id)).toMatchObject({ status: 409 });
  });

  it('comes into no room whose recordings need consent, without an active call, or invited by others than moderators', async () => {
    const other = await app.person({ organizationId: owner.organizationId, role: 'member', plan: 'pro' });
    expect(await invite(other)).toMatchObject({ status: 403 });
    roomId = await createRoom({ recordingConsent: 'required' });
    await createCalls(app, [{ organizationId: owner.organizationId, roomId }]);
    expect(await invite()).toMatchObject({ status: 409, body: { code: 'call_agents.needs_consent' } });
    roomId = await createRoom();
    expect(await invite()).toMatchObject({ status: 409, body: { code: 'call_agents.no_call' } });
  });

  it('is one of at most ten of an organization', async () => {
    for (let count = 0; count < 10; count++) expect(await invite()).toMatchObject({ status: 201 });
    expect(await invite()).toMatchObject({ status: 409, body: { code: 'call_agents.too_many' } });
  });

  it('is given to no process without the secret', async () => {
    const wrong: Record<string, string>[] = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Bearer ${AGENTS_SECRET}x` },
    ];
    for (const headers of wrong)
      expect(
        await app.send('POST', '/agents/poll', {
          headers,
          body: { worker: 'one', capacity: 1, holding: [] },
        }),
      ).toMatchObject({ status: 401, body: { code: 'call_agents.bad_secret' } });
  });
});
