import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { CONVERSATIONS, createAgent, createConversation } from '../../support/agents.ts';
import type { Person, TestApp } from '../../support/app.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, question } from '../../support/ai/stand-in-app.ts';
import { createTeam, finishRun, startRun } from '../../support/teams.ts';

const RATINGS = '/api/v1/ai/ratings';

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;
let person: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  owner = await app.person({ plan: 'pro' });
  person = await app.person({ organizationId: owner.organizationId, role: 'member', plan: 'pro' });
});

const rate = (answerId: string, body: object = { thumb: 'up' }, { token } = person) =>
  app.send('PUT', `${RATINGS}/${answerId}`, { token, body });
const rowsOf = () =>
  ownerSql('select answer, kind, rating from ai_ratings where organization_id = $1', [owner.organizationId]);
async function ask({ token } = person): Promise<string> {
  const { body } = await app.send('POST', '/api/v1/ai/generations', { token, body: question() });
  return body.id;
}
/** An answer of an agent in a conversation of the person. */
async function converse() {
  const conversationId = await createConversation(app, person, await createAgent(app, owner));
  const path = `${CONVERSATIONS}/${conversationId}`;
  const { body } = await app.send('POST', `${path}/messages`, { token: person.token, body: { text: 'Hi?' } });
  await app.drain();
  return { path, answer: body.answer as { id: string; generationId: string } };
}

describe('a rating', () => {
  it('is one of a person for an answer, and what they say last counts', async () => {
    const generationId = await ask();
    await rate(generationId, { score: 2, reason: 'incorrect', text: 'It is Tuesday.' });
    expect(await rate(generationId, { thumb: 'up' })).toMatchObject({
      status: 200,
      body: { thumb: 'up', score: null, reason: null, text: null },
    });
    expect(await rowsOf()).toEqual([{ answer: generationId, kind: 'thumb', rating: 5 }]);
    await app.send('DELETE', `${RATINGS}/${generationId}`, { token: person.token });
    expect(await rowsOf()).toEqual([]);
  });

  it.each([{}, { thumb: 'up', score: 5 }, { score: 0 }, { score: 6 }, { thumb: 'sideways' }])(
    'is a thumb or a score: %j is refused',
    async (body) => {
      expect(await rate(await ask(), body)).toMatchObject({ status: 400 });
    },
  );

  it('is given by those who may read the answer alone', async () => {
    const { path, answer } = await converse();
    const run = await finishRun(
      app,
      person,
      await startRun(app, person, (await createTeam(app, owner)).teamId),
    );
    for (const id of [await ask(), answer.id, run.id])
      expect(await rate(id, { thumb: 'down' }, owner)).toMatchObject({
        status: 404,
        body: { code: 'ratings.answer_not_found' },
      });
    await app.send('PATCH', path, { token: person.token, body: { shared: true } });
    expect(await rate(answer.id, { thumb: 'down' }, owner)).toMatchObject({ status: 200 });
    expect(await rate(run.id, { score: 4 })).toMatchObject({ status: 200 });
  });

  it('of a generation that answers in a conversation is that of the answer', async () => {
    const { answer } = await converse();
    await rate(answer.generationId, { score: 1 });
    await rate(answer.id, { score: 5 });
    expect(await rowsOf()).toEqual([{ answer: answer.id, kind: 'score', rating: 5 }]);
  });

  it('is of an answer that has ended', async () => {
    const { teamId } = await createTeam(app, owner);
    expect(await rate(await startRun(app, person, teamId))).toMatchObject({
      status: 409,
      body: { code: 'ratings.not_ended' },
    });
  });

  it('goes with its answer, and with the account of the person', async () => {
    const { path, answer } = await converse();
    await rate(answer.id);
    await rate(await ask());
    await app.send('DELETE', path, { token: person.token });
    expect(await rowsOf()).toHaveLength(1);
    await ownerSql('delete from users where id = $1', [person.userId]);
    expect(await rowsOf()).toEqual([]);
  });

  it('is listed for those who read figures, without the person and the answer', async () => {
    const { answer } = await converse();
    await rate(answer.id, { score: 2, reason: 'style', text: 'Too long.' });
    const { body } = await app.send('GET', RATINGS, { token: owner.token });
    expect(body.data).toMatchObject([{ feature: 'agents', score: 2, reason: 'style', text: 'Too long.' }]);
    expect(JSON.stringify(body)).not.toContain(person.userId);
    expect(JSON.stringify(body)).not.toContain(answer.id);
    expect(await app.send('GET', RATINGS, { token: person.token })).toMatchObject({ status: 403 });
  });
});
