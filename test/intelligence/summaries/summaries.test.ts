import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepSummaries } from '../../../src/intelligence/summaries/settle-summary.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { createVideo } from '../../support/file-compressions.ts';
import { uploadFile } from '../../support/files.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { LABELLED_CALLS, type LabelledCall } from './labelled-calls.ts';

let app: TestApp;
let standIn: AiStandIn;
let ann: Person;
let ben: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  ann = await app.person({ plan: 'pro' });
  ben = await app.person({ role: 'member', organizationId: ann.organizationId, plan: 'pro' });
});

const [planning] = LABELLED_CALLS as [LabelledCall];

/** A transcript that is ready, of a file: each line a segment of four seconds. */
async function insertTranscript(lines: readonly string[], { access = 'private', language = 'en' } = {}) {
  const upload = { content: createVideo(12_000), name: 'call.mp4', query: { access } };
  const { body: file } = await uploadFile(app, ann.token, upload);
  const id = app.services.ids.create('transcription');
  const now = new Date(app.clock.now()).toISOString();
  await ownerSql(
    `insert into transcriptions (id, organization_id, file_id, state, language, model, requested_by, created_at, updated_at, ended_at)
     values ($1, $2, $3, 'ready', $4, 'whisper-base', $5, $6, $6, $6)`,
    [id, ann.organizationId, file.id, language, ann.userId, now],
  );
  await ownerSql(
    `insert into transcript_segments (transcription_id, position, organization_id, start_ms, end_ms, text, words)
     select $1, (each - 1) * 10, $2, (each - 1) * 4000, each * 4000, line, '[]'
     from unnest($3::text[]) with ordinality as lines (line, each)`,
    [id, ann.organizationId, lines],
  );
  return { id, fileId: file.id as string };
}

const send = (method: string, path: string, { token } = ann, body?: unknown) =>
  app.send(method, `/api/v1/ai/transcriptions/${path}`, { token, ...(body === undefined ? {} : { body }) });
const create = (id: string, body: object = { model: MODEL }, person = ann) =>
  send('POST', `${id}/summaries`, person, body);
const answers = (answer: unknown, stopReason = 'end_turn') =>
  standIn.next.push({
    answer: {
      pieces: [JSON.stringify(answer)],
      stopReason,
      usage: { input_tokens: 900, output_tokens: 300 },
    },
  });
/** Until the end of a generation is stored, and its subscribers have run. */
async function whenEnded(generationId: string) {
  const statusOf = () => ownerSql('select status from ai_generations where id = $1', [generationId]);
  await expect.poll(statusOf, { interval: 20, timeout: 20_000 }).not.toEqual([{ status: 'running' }]);
  await app.drain();
}
async function summarize(id: string, body: object = { model: MODEL }) {
  const made = await create(id, body);
  expect(made.status, JSON.stringify(made.body)).toBe(202);
  await whenEnded(made.body.generationId);
  return (await send('GET', `${id}/summaries/${made.body.id}`)).body;
}
const texts = (list: { text: string }[]) => list.map(({ text }) => text);

describe('a summary by a model', () => {
  it.each(LABELLED_CALLS)(
    'finds every action item of a labelled call, and invents nothing ($heldOn)',
    async (call) => {
      const { id } = await insertTranscript(call.lines, { language: call.language });
      answers(call.answer);
      const { state, content, unsupportedCount, language } = await summarize(id, {
        model: MODEL,
        heldOn: call.heldOn,
      });
      expect({ state, language, unsupportedCount }).toEqual({
        state: 'ready',
        language: call.language,
        unsupportedCount: call.invented.length,
      });
      expect(
        content.actionItems.map(({ text, owner, due, dueOn }: LabelledCall['actionItems'][number]) => ({
          text,
          owner,
          due,
          dueOn,
        })),
      ).toEqual(call.actionItems);
      for (const invented of call.invented) expect(JSON.stringify(content)).not.toContain(invented);
    },
  );

  it('names the moment of each statement, also where the model counts lines wrongly', async () => {
    const { id } = await insertTranscript(planning.lines);
    answers(planning.answer);
    const { content } = await summarize(id, { model: MODEL, heldOn: planning.heldOn });
    expect(content.actionItems[0].citations).toEqual([
      { position: 50, startSeconds: 20, quote: 'I will write the release notes by Wednesday' },
    ]);
    expect(content.chapters).toEqual([
      { title: 'Release', position: 0, startSeconds: 0 },
      { title: 'Budget', position: 60, startSeconds: 24 },
    ]);
    expect(content.followUp).toBe(
      'Version four ships on Thursday, and the agency is asked for a smaller offer.\n\n' +
        'Decided:\n- Version four is shipped on Thursday.\n\n' +
        'To do:\n- Write the release notes. (Mara, 2026-03-04)\n- Ask the agency for a smaller offer.\n' +
        '- Book the room for the review. (Tom, 2026-03-03)\n\nOpen:\n- When do we pay for the travel?',
    );
  });

  it('is asked with the transcript as data, and counts as a generation of its caller', async () => {
    const { id } = await insertTranscript(planning.lines);
    answers(planning.answer);
    const { generationId } = await summarize(id, { model: MODEL, heldOn: '2026-03-02', language: 'fr' });
    const { text } = standIn.requests[0]!.body.messages[0].content[0];
    expect(text).toContain('3: Then we ship version four on Thursday.\n');
    expect(text).toContain('in the language "fr"');
    expect(
      await app.send('GET', `/api/v1/ai/generations/${generationId}`, { token: ann.token }),
    ).toMatchObject({
      status: 200,
      body: { status: 'completed', usage: { inputTokens: 900, outputTokens: 300 } },
    });
  });

  it.each([
    ['answer_not_readable', () => answers({ overview: 'all good' })],
    ['answer_cut', () => answers(planning.answer, 'max_tokens')],
    ['generation_failed', () => standIn.next.push({ fault: { kind: 'status', status: 400 } })],
  ])('that cannot be had fails with the reason %s', async (reason, prepare) => {
    const { id } = await insertTranscript(planning.lines);
    prepare();
    expect(await summarize(id)).toMatchObject({ state: 'failed', reason, content: null });
  });

  it('ends when its generation is cancelled, and when the answer is lost', async () => {
    const { id } = await insertTranscript(planning.lines);
    let release = () => {};
    standIn.gate = new Promise((resolve) => (release = resolve));
    const [cancelled, lost] = [(await create(id)).body, (await create(id)).body];
    await app.send('POST', `/api/v1/ai/generations/${cancelled.generationId}/cancel`, { token: ann.token });
    release();
    standIn.gate = undefined;
    await whenEnded(cancelled.generationId);
    await whenEnded(lost.generationId);
    expect((await send('GET', `${id}/summaries/${cancelled.id}`)).body.reason).toBe('generation_cancelled');
    // As if neither the object nor the event had ever been there.
    await ownerSql(
      `update summaries set state = 'running', reason = null, content = null, ended_at = null,
      generation_id = null where id = $1`,
      [lost.id],
    );
    expect((await sweepSummaries(app.services)).done).toBe(0);
    app.clock.advanceSeconds(13 * 60);
    await sweepSummaries(app.services);
    ann = await withFreshToken(app, ann);
    expect((await send('GET', `${id}/summaries/${lost.id}`)).body.reason).toBe('answer_gone');
  });

  it('is refused before a model is asked: too long, no such model, no key, no permission', async () => {
    const { id } = await insertTranscript(planning.lines);
    const long = await insertTranscript(Array.from({ length: 700 }, () => 'word '.repeat(200)));
    expect((await create(long.id)).body.code).toBe('summaries.too_long');
    expect((await create(id, { model: 'gpt-0' })).body.code).toBe('ai.model_not_found');
    const guest = await app.person({ role: 'guest', organizationId: ann.organizationId });
    expect((await create(id, { model: MODEL }, guest)).status).toBe(403);
    const free = await app.person();
    expect((await create(id, { model: MODEL }, free)).body.code).toBe('transcripts.not_found');
    expect(standIn.requests).toEqual([]);
    expect((await send('GET', `${id}/summaries`)).body.data).toEqual([]);
  });
});

describe('an extractive summary', () => {
  it('has sentences of the transcript in their order, at once, and asks no provider', async () => {
    const { id } = await insertTranscript(planning.lines);
    const made = await create(id, {});
    expect(made).toMatchObject({
      status: 202,
      body: { method: 'extractive', state: 'ready', generationId: null },
    });
    const { overview } = made.body.content;
    expect(overview.length).toBeGreaterThanOrEqual(3);
    const at = texts(overview).map((text) => planning.lines.indexOf(text));
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at).not.toContain(-1);
    expect(texts(overview)).toContain('I do not know. I will ask the agency for a smaller offer.');
    expect(standIn.requests).toEqual([]);
  });

  it('of a transcript in which nothing is said is refused', async () => {
    const { id } = await insertTranscript([]);
    expect((await create(id, {})).body.code).toBe('summaries.nothing_said');
  });
});

describe('access', () => {
  it('is that to the transcription, and ends with it', async () => {
    const { id, fileId } = await insertTranscript(planning.lines, { access: 'organization' });
    const hidden = await insertTranscript(planning.lines);
    const made = (await create(id, {}, ben)).body;
    await create(hidden.id, {});
    expect((await send('GET', `${id}/summaries`)).body.data).toMatchObject([
      { id: made.id, requestedBy: ben.userId },
    ]);
    expect((await send('GET', `${hidden.id}/summaries`, ben)).status).toBe(404);
    expect((await send('GET', `${hidden.id}/summaries/${made.id}`)).body.code).toBe('summaries.not_found');
    await app.send('DELETE', `/api/v1/files/${fileId}`, { token: ann.token });
    expect((await send('GET', `${id}/summaries/${made.id}`, ben)).status).toBe(404);
  });

  it('to delete one has its requester, and those who may change the transcription', async () => {
    const { id } = await insertTranscript(planning.lines, { access: 'organization' });
    const [hers, his] = [(await create(id, {})).body, (await create(id, {}, ben)).body];
    expect((await send('DELETE', `${id}/summaries/${hers.id}`, ben)).status).toBe(404);
    expect((await send('DELETE', `${id}/summaries/${his.id}`, ben)).status).toBe(204);
    expect((await send('DELETE', `${id}/summaries/${hers.id}`)).status).toBe(204);
    expect((await send('GET', `${id}/summaries`)).body.data).toEqual([]);
  });

  it('a transcription has at most twenty summaries', async () => {
    const { id } = await insertTranscript(planning.lines);
    const all = await Promise.all(Array.from({ length: 22 }, () => create(id, {})));
    expect(all.map(({ status }) => status).filter((status) => status === 202)).toHaveLength(20);
    expect(all.find(({ status }) => status !== 202)!.body.code).toBe('summaries.too_many');
  });
});
