import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { AGENTS_SECRET, asProcess } from '../../support/call-agents.ts';
import { createAgent } from '../../support/agents.ts';
import { createCalls } from '../../support/calls.ts';

const app = createTestApp({}, { AGENTS_SECRET });
let owner: Person;
let roomId: string;
let callId: string;
let agentId: string;

beforeEach(async () => {
  await ownerSql('delete from call_agents', []);
  owner = await app.person({ plan: 'pro' });
  const { token, organizationId, userId } = owner;
  roomId = (await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } })).body.id;
  const seats = { gst_moderator: 'moderator', gst_other: 'participant', gst_gone: 'host' } as const;
  const participants = Object.entries(seats).map(([identity, role]) => ({
    identity,
    role,
    kind: 'guest' as const,
    status: identity === 'gst_gone' ? ('left' as const) : ('connected' as const),
  }));
  const host = {
    identity: userId,
    role: 'host' as const,
    kind: 'user' as const,
    status: 'connected' as const,
  };
  const [call] = await createCalls(app, [{ organizationId, roomId, participants: [host, ...participants] }]);
  callId = call!.callId;
  agentId = await createAgent(app, owner);
});

const invite = () =>
  app.send('POST', `/api/v1/rooms/${roomId}/agents`, { token: owner.token, body: { agentId } });
/** An agent in the call that the process has. */
async function createHeld(worker = 'one'): Promise<string> {
  const { body } = await invite();
  await app.send('POST', '/agents/poll', { headers: asProcess, body: { worker, capacity: 4, holding: [] } });
  return body.id;
}
const send = (path: string, body: object, headers: Record<string, string> = asProcess) =>
  app.send('POST', path, { headers, body });
const stateOf = async (callAgentId: string) =>
  (await ownerSql('select state, reason from call_agents where id = $1', [callAgentId]))[0];
const without = (name: string) =>
  app.send('POST', `/api/v1/operator/organizations/${owner.organizationId}/entitlement-grants`, {
    token: app.operator,
    body: { kind: 'feature', name, value: 0, reason: 'Test' },
  });

describe('an agent that is asked to leave', () => {
  const ask = (callAgentId: string, identity: string, worker = 'one') =>
    send('/agents/leave', { worker, callAgentId, identity });

  it('leaves for hosts and moderators of the call, and the audit log says for whom', async () => {
    const held = await createHeld();
    expect(await ask(held, 'gst_moderator')).toMatchObject({ status: 204 });
    expect(await stateOf(held)).toEqual({ state: 'ended', reason: 'removed' });
    const [entry] = await ownerSql(
      "select before from audit_logs where action = 'call_agent.removed' and organization_id = $1",
      [owner.organizationId],
    );
    expect(entry).toMatchObject({ before: { callAgentId: held, askedBy: 'gst_moderator' } });
    expect(await ask(held, 'gst_moderator')).toMatchObject({ status: 409 });
  });

  it('stays for everybody else: participants, those who have left, and identities that are not in its call', async () => {
    const held = await createHeld();
    const outsider = await app.person({ plan: 'pro' });
    for (const identity of ['gst_other', 'gst_gone', 'gst_unknown', outsider.userId, held])
      expect(await ask(held, identity)).toMatchObject({
        status: 403,
        body: { code: 'moderation.not_moderator' },
      });
    expect(await stateOf(held)).toMatchObject({ state: 'active' });
  });

  it('stays for a moderator who has been removed from the room since', async () => {
    const held = await createHeld();
    await ownerSql(
      `insert into room_people (organization_id, room_id, identity, removed_at, changed_by, updated_at)
       values ($1, $2, 'gst_moderator', now(), $3, now())`,
      [owner.organizationId, roomId, owner.userId],
    );
    expect((await ask(held, 'gst_moderator')).status).toBe(403);
    expect(await stateOf(held)).toMatchObject({ state: 'active' });
  });

  it('is asked by the process that has it alone', async () => {
    const held = await createHeld();
    expect(await ask(held, owner.userId, 'two')).toMatchObject({ status: 409 });
    const body = { worker: 'one', callAgentId: held, identity: owner.userId };
    expect(await send('/agents/leave', body, { authorization: 'Bearer wrong' })).toMatchObject({
      status: 401,
    });
    expect(await stateOf(held)).toMatchObject({ state: 'active' });
  });
});

describe('what an agent in a call has recognized and spoken', () => {
  const report = (callAgentId: string, recognizedMs: number, spokenCharacters: number, worker = 'one') =>
    send('/agents/speech', {
      worker,
      callAgentId,
      recognizedSeconds: recognizedMs / 1_000,
      spokenCharacters,
    });
  const usage = async () => {
    await app.drain();
    return ownerSql(
      `select meter, sum(quantity)::int as quantity from usage_events
       where organization_id = $1 and meter in ('recognized_minutes', 'spoken_characters') and dimensions ->> 'call' = $2
         and dimensions ->> 'agent' = $3 and dimensions ->> 'room' = $4 group by meter order by meter`,
      [owner.organizationId, callId, agentId, roomId],
    );
  };

  it('is counted once for call and agent, however often its totals are reported, and by any process', async () => {
    const held = await createHeld();
    for (const [ms, characters] of [
      [1_000, 10],
      [1_000, 10],
      [4_000, 25],
      [2_000, 25],
    ] as const)
      expect(await report(held, ms, characters)).toMatchObject({ status: 204 });
    expect(await report(held, 500, 0, 'two')).toMatchObject({ status: 204 });
    expect(await usage()).toEqual([
      { meter: 'recognized_minutes', quantity: 4_500 },
      { meter: 'spoken_characters', quantity: 25 },
    ]);
  });

  it('shows in the cost of the call', async () => {
    const held = await createHeld();
    await report(held, 60_000, 1_000);
    await app.drain();
    const { body } = await app.send('GET', `/api/v1/calls/${callId}/cost`, { token: owner.token });
    expect(JSON.stringify(body)).toContain('recognized_minutes');
    expect(JSON.stringify(body)).toContain('spoken_characters');
  });

  it('is counted also when the agent has left', async () => {
    const held = await createHeld();
    await app.send('DELETE', `/api/v1/rooms/${roomId}/agents/${held}`, { token: owner.token });
    expect(await report(held, 1_000, 0)).toMatchObject({ status: 204 });
    expect(await usage()).toEqual([{ meter: 'recognized_minutes', quantity: 1_000 }]);
  });

  it('is counted, and the agent leaves, when the plan does not cover it any more', async () => {
    const held = await createHeld();
    await without('speech');
    expect(await report(held, 1_000, 0)).toMatchObject({ status: 204 });
    expect(await stateOf(held)).toEqual({ state: 'ended', reason: 'not_in_plan' });
    expect(await usage()).toEqual([{ meter: 'recognized_minutes', quantity: 1_000 }]);
  });

  it('is in the plan, or no agent is invited', async () => {
    await without('speech');
    expect(await invite()).toMatchObject({ status: 402, body: { code: 'billing.feature_not_included' } });
  });

  it('is reported by processes of the platform, of agents that there are', async () => {
    const held = await createHeld();
    const body = { worker: 'one', callAgentId: held, recognizedSeconds: 1, spokenCharacters: 0 };
    expect(await send('/agents/speech', body, {})).toMatchObject({ status: 401 });
    expect(await report(app.services.ids.create('callAgent'), 1_000, 0)).toMatchObject({ status: 404 });
    expect(await usage()).toEqual([]);
  });
});
