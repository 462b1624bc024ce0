import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AGENTS, createAgent } from '../../support/agents.ts';
import type { Person, TestApp } from '../../support/app.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL } from '../../support/ai/stand-in-app.ts';
import { createTeam, finishRun, startRun, TEAMS } from '../../support/teams.ts';

const TEMPLATES = '/api/v1/ai/team-templates';

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;
let person: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  owner = await app.person({ plan: 'pro' });
  person = await app.person({ organizationId: owner.organizationId, role: 'member', plan: 'pro' });
});

const patch = (teamId: string, body: object, { token } = owner, headers = {}) =>
  app.send('PATCH', `${TEAMS}/${teamId}`, { token, body, headers });

describe('a team', () => {
  it.each([
    ['sequential', { rounds: 3, turnLimit: 5 }, '/turnLimit'],
    ['consensus', { turnLimit: 3 }, '/turnLimit'],
    ['consensus', { rounds: 2 }, '/rounds'],
    ['hierarchical', { rounds: 2 }, '/rounds'],
  ])('that is %s, with %j, could never end, and is refused', async (mode, fields, pointer) => {
    const agentId = await createAgent(app, owner);
    const members = ['One', 'Two'].map((role) => ({ agentId, role }));
    const body = { name: 'Team', mode, members, ...fields };
    expect(await app.send('POST', TEAMS, { token: owner.token, body })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  });

  it('has agents that show to the person who sets it, and one of each role', async () => {
    const { teamId, agentIds } = await createTeam(app, person);
    const hidden = await createAgent(app, owner, { fields: { audience: 'managers' } });
    const members = (...ids: string[]) => ids.map((agentId, index) => ({ agentId, role: `Role ${index}` }));
    expect(await patch(teamId, { members: members(agentIds[0]!, hidden) }, person)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/members/1/agentId' }] },
    });
    const twins = members(agentIds[0]!, agentIds[1]!).map((member) => ({ ...member, role: 'Writer' }));
    expect(await patch(teamId, { members: twins }, person)).toMatchObject({ status: 400 });
  });

  it('is changed by its author and those who manage agents, as it was read', async () => {
    const { teamId } = await createTeam(app, owner);
    expect(await patch(teamId, { name: 'Mine' }, person)).toMatchObject({ status: 403 });
    const { headers } = await app.send('GET', `${TEAMS}/${teamId}`, { token: person.token });
    const ifMatch = { 'if-match': headers.get('etag')! };
    expect(await patch(teamId, { name: 'Ours' }, owner, ifMatch)).toMatchObject({ body: { name: 'Ours' } });
    expect(await patch(teamId, { name: 'Theirs' }, owner, ifMatch)).toMatchObject({ status: 412 });
  });

  it('begins no run without an agent that is there for the person', async () => {
    const { teamId, agentIds } = await createTeam(app, owner);
    await app.send('PATCH', `${AGENTS}/${agentIds[1]}`, { token: owner.token, body: { enabled: false } });
    const start = () =>
      app.send('POST', `${TEAMS}/${teamId}/runs`, { token: person.token, body: { task: 'Write.' } });
    expect(await start()).toMatchObject({ status: 409, body: { code: 'team_runs.member_gone' } });
    await app.send('DELETE', `${AGENTS}/${agentIds[1]}`, { token: owner.token });
    expect(await start()).toMatchObject({ status: 409, body: { code: 'team_runs.member_gone' } });
    const { body } = await app.send('GET', `${TEAMS}/${teamId}`, { token: person.token });
    expect(body.members[1].agentId).toBe(agentIds[1]);
  });
});

describe('a template', () => {
  const plan = JSON.stringify({ parts: [{ member: 1, task: 'Answer.' }] });
  const vote = JSON.stringify({ vote: 2, answer: null });

  it.each([
    ['research', ['Facts', 'Findings', 'Report'], 'Report'],
    ['content', ['Text', 'Shorter', 'Final'], 'Final'],
    ['support', [plan, 'Steps', 'Dear customer'], 'Dear customer'],
    ['debate', ['1', '2', '3', '4', '5', '6', '7', '8', 'Verdict'], 'Verdict'],
    ['brainstorm', ['Bold', 'Doable', 'Safe', vote, vote, vote], 'Doable'],
  ])('%s makes a team that runs', async (template, texts, result) => {
    const { status, body } = await app.send('POST', `${TEMPLATES}/${template}/teams`, {
      token: owner.token,
      body: { model: MODEL },
    });
    expect(status).toBe(201);
    const usage = { input_tokens: 12, output_tokens: 9 };
    texts.forEach((text) => standIn.next.push({ answer: { pieces: [text], usage } }));
    const run = await finishRun(app, person, await startRun(app, person, body.id));
    expect(run).toMatchObject({ state: 'completed', result, turnCount: texts.length });
    const { body: list } = await app.send('GET', TEMPLATES, { token: owner.token });
    const { members } = list.data.find(({ name }: { name: string }) => name === template);
    expect(standIn.requests[0]!.body.system[0].text).toContain(members[0].instructions);
  });
});
