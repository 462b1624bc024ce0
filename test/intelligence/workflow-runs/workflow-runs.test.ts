import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { transcriptionFinished } from '../../../src/intelligence/transcripts/index.ts';
import { runAdvanced } from '../../../src/intelligence/workflow-runs/index.ts';
import { sweepRuns } from '../../../src/intelligence/workflow-steps/sweep-runs.ts';
import { recordingChanged } from '../../../src/media/recordings/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { insertRecording } from '../../support/recordings.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { createHeldCall, endCall, insertCallTranscript, publishEvents } from '../../support/workflows.ts';
import { LABELLED_CALLS, type LabelledCall } from '../summaries/labelled-calls.ts';

let app: TestApp;
let standIn: AiStandIn;
let ann: Person;
let ben: Person;
let held: { roomId: string; callId: string };

const [planning] = LABELLED_CALLS as [LabelledCall];
const SUMMARIZE = [{ kind: 'transcribe' }, { kind: 'summarize', model: MODEL }];

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  app.mailbox.mails.length = 0;
  app.liveRooms.appliedCommands.length = 0;
  ann = await app.person({ plan: 'pro' });
  ben = await app.person({ role: 'member', organizationId: ann.organizationId, plan: 'pro' });
  held = await createHeldCall(app, ann, { people: [ann, ben] });
});

const api = (method: string, path: string, body?: unknown, { token } = ann, headers = {}) =>
  app.send(method, `/api/v1${path}`, { token, headers, ...(body === undefined ? {} : { body }) });
const createWorkflow = async (fields: object = {}, person = ann) => {
  const made = await api('POST', '/ai/workflows', { name: 'Notes', steps: SUMMARIZE, ...fields }, person);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
};
const answers = (answer: unknown = planning.answer) =>
  standIn.next.push({
    answer: { pieces: [JSON.stringify(answer)], usage: { input_tokens: 900, output_tokens: 300 } },
  });
const captioned = (lines: readonly string[] = planning.lines, row: object = {}) =>
  insertCallTranscript(app, ann, { callId: held.callId }, lines, row);
const runs = async () => (await api('GET', `/rooms/${held.roomId}/workflow-runs`)).body.data;
const run = async () => {
  const [{ id }] = await runs();
  return (await api('GET', `/rooms/${held.roomId}/workflow-runs/${id}`)).body;
};
const act = (id: string, action: string, body?: object, person = ann) =>
  api('POST', `/rooms/${held.roomId}/workflow-runs/${id}/${action}`, body, person);
const outcomes = async () => (await api('GET', `/rooms/${held.roomId}/call-outcomes?limit=100`)).body.data;
const statesOf = ({ steps }: { steps: { state: string; reason: string | null }[] }) =>
  steps.map(({ state, reason }) => (reason === null ? state : `${state}: ${reason}`));

/** Until no generation of the organization runs, and what follows is done: one that ends publishes by itself, beside `drain`. */
async function whenAnswered() {
  const unfinished = async () => {
    await app.drain();
    return ownerSql(
      `select id from ai_generations where organization_id = $1 and status = 'running'
       union all select id from outbox where organization_id = $1 and type = 'ai.generation_ended' and status <> 'done'
       union all select id from deliveries where organization_id = $1 and status not in ('done', 'dead')`,
      [ann.organizationId],
    );
  };
  await expect.poll(unfinished, { interval: 20, timeout: 20_000 }).toEqual([]);
}
async function hold() {
  await endCall(app, ann.organizationId, held);
  await whenAnswered();
}

/** While its model is asked, something changes; then the model answers. */
async function whileAsked(begin: () => Promise<unknown>, change: () => Promise<unknown>) {
  let release = () => {};
  standIn.gate = new Promise((resolve) => (release = resolve));
  const said = JSON.stringify(planning.answer);
  const pieces = [said.slice(0, 9), said.slice(9)];
  standIn.next.push({ answer: { pieces, usage: { input_tokens: 9, output_tokens: 9 } } });
  await begin();
  await change();
  release();
  standIn.gate = undefined;
  await whenAnswered();
}
const posts = () => app.liveRooms.appliedCommands.filter(({ command }) => command.type === 'chat.post');

describe('a workflow after a call', () => {
  it('summarizes the captions of a call that has ended, with each step visible', async () => {
    const { id: workflowId } = await createWorkflow();
    const transcriptionId = await captioned();
    answers();
    await hold();
    const done = await run();
    expect(done).toMatchObject({
      workflowId,
      workflowVersion: 1,
      callId: held.callId,
      authorId: ann.userId,
      state: 'done',
      reason: null,
      transcriptionId,
      mail: null,
    });
    expect(statesOf(done)).toEqual(['done', 'done']);
    expect(done.steps.map(({ attempts }: { attempts: number }) => attempts)).toEqual([1, 1]);
    expect(standIn.requests).toHaveLength(1);
    const [{ origin }] = (await ownerSql('select origin from ai_generations where organization_id = $1', [
      ann.organizationId,
    ])) as [{ origin: unknown }];
    expect(origin).toEqual({ feature: 'workflows', room: held.roomId, call: held.callId });
    const path = `/ai/transcriptions/${transcriptionId}/summaries/${done.summaryId}`;
    expect((await api('GET', path)).body).toMatchObject({ state: 'ready', heldOn: '2026-03-02' });
  });

  it.each(LABELLED_CALLS)(
    'stores every action item of a labelled call with its moment, and nothing that was invented ($heldOn)',
    async (call) => {
      await createWorkflow({
        steps: [...SUMMARIZE, { kind: 'outcomes' }, { kind: 'mail' }, { kind: 'post' }],
      });
      held = await createHeldCall(app, ann, { heldOn: call.heldOn, people: [ann] });
      await captioned(call.lines, { language: call.language });
      answers(call.answer);
      await hold();
      const found = await outcomes();
      const items = found.filter(({ kind }: { kind: string }) => kind === 'action_item');
      expect(
        items.map(({ text, owner, due, dueOn }: LabelledCall['actionItems'][number]) => ({
          text,
          owner,
          due,
          dueOn,
        })),
      ).toEqual(call.actionItems);
      for (const { citations } of found)
        for (const { position, startSeconds } of citations) expect(startSeconds).toBe((position / 10) * 4);
      const { mail } = await run();
      const posted = app.liveRooms.appliedCommands.map(({ command }) => command);
      const all = JSON.stringify([found, mail, posted]);
      for (const invented of call.invented) expect(all).not.toContain(invented);
    },
  );

  it('runs once for a call, however often the event comes, and not when it is off or for another room', async () => {
    await createWorkflow();
    await createWorkflow({ enabled: false });
    const elsewhere = await createHeldCall(app, ann);
    await createWorkflow({ roomIds: [elsewhere.roomId] });
    await captioned();
    answers();
    await hold();
    await hold();
    expect(await runs()).toHaveLength(1);
    expect(standIn.requests).toHaveLength(1);
  });

  it('does nothing, and says so, where nothing was recorded or nothing was said', async () => {
    await createWorkflow();
    await hold();
    expect(await run()).toMatchObject({ state: 'done', reason: 'nothing_recorded' });
    held = await createHeldCall(app, ann);
    await captioned([]);
    await hold();
    expect(await run()).toMatchObject({ state: 'done', reason: 'nothing_said' });
    expect(standIn.requests).toEqual([]);
  });

  it('waits for captions that are still being written, and takes no recording in their place', async () => {
    await createWorkflow();
    const id = await captioned(planning.lines, { state: 'running', endedAt: null });
    await hold();
    expect(statesOf(await run())).toEqual(['running', 'pending']);
    await ownerSql("update transcriptions set state = 'ready', ended_at = now() where id = $1", [id]);
    answers();
    await publishEvents(app, ann.organizationId, [
      transcriptionFinished.of({ transcriptionId: id, state: 'ready', reason: null }),
    ]);
    await app.drain();
    await whenAnswered();
    expect(await run()).toMatchObject({ state: 'done', transcriptionId: id });
  });

  it('gives up a transcript that is not there after a day', async () => {
    await createWorkflow();
    await captioned(planning.lines, { state: 'running', endedAt: null });
    await hold();
    expect(statesOf(await run())).toEqual(['running', 'pending']);
    app.clock.advanceSeconds(24 * 3_600 + 60);
    await sweepRuns(app.services);
    ann = await withFreshToken(app, ann);
    expect(await run()).toMatchObject({ state: 'failed', reason: 'too_late' });
  });
});

const ids = () => ({ organizationId: ann.organizationId, ...held });

describe('the steps of a run', () => {
  const ALL = [
    ...SUMMARIZE,
    ...['outcomes', 'chapters', 'mail', 'remember', 'post'].map((kind) => ({ kind })),
  ];

  it('have the recording written down where there are no captions, and take no second transcript of it', async () => {
    await createWorkflow({ trigger: 'recording_ready', steps: ALL });
    const recordingId = await insertRecording(app, {
      ...ids(),
      startedAt: new Date('2026-03-02T09:00:00Z'),
      durationMs: 600_000,
    });
    const transcriptionId = await insertCallTranscript(app, ann, { recordingId }, planning.lines);
    answers();
    const ready = recordingChanged.of({ recordingId, ...held, state: 'ready', reason: null });
    await publishEvents(app, ann.organizationId, [ready, ready]);
    await app.drain();
    await whenAnswered();
    const done = await run();
    expect(done).toMatchObject({ state: 'done', transcriptionId });
    expect(statesOf(done)).toEqual(['done', 'done', 'done', 'done', 'waiting', 'done', 'done']);
    const [{ topics }] = (await ownerSql('select topics from recording_topics where recording_id = $1', [
      recordingId,
    ])) as [{ topics: unknown }];
    expect(topics).toEqual([
      { atSeconds: 0, title: 'Release' },
      { atSeconds: 24, title: 'Budget' },
    ]);
    const memories = (await api('GET', `/ai/memories?scope=room&roomId=${held.roomId}`)).body.data;
    expect(memories).toHaveLength(4);
    expect(memories[0].sources).toMatchObject([
      { kind: 'transcript', id: transcriptionId, passage: { callId: held.callId } },
    ]);
    expect(posts()).toMatchObject([
      { roomId: held.roomId, command: { name: 'Notes', identity: 'agt_~workflow' } },
    ]);
  });

  it('remember and show nothing where there is no recording', async () => {
    await createWorkflow({ steps: ALL });
    await captioned();
    answers();
    await hold();
    const done = await run();
    expect(statesOf(done).slice(3)).toEqual([
      'skipped: no_recording',
      'waiting',
      'skipped: no_recording',
      'done',
    ]);
  });

  it('draft a mail that is sent once a person has confirmed what they read, to members who were there', async () => {
    await createWorkflow({ steps: ALL });
    await captioned();
    answers();
    await hold();
    const drafted = await run();
    expect(app.mailbox.mails).toEqual([]);
    expect(drafted.mail.subject).toBe('Planning, 2026-03-02');
    const named = ({ userId }: Person) => expect.objectContaining({ userId, cameLater: false });
    expect(drafted.mail.recipients).toHaveLength(2);
    expect(drafted.mail.recipients).toEqual(expect.arrayContaining([named(ann), named(ben)]));
    expect((await act(drafted.id, 'send-mail', { version: drafted.version - 1 })).body.code).toBe(
      'request.stale',
    );
    expect((await act(drafted.id, 'send-mail', { version: drafted.version }, ben)).status).toBe(403);
    expect((await act(drafted.id, 'send-mail', { version: drafted.version })).status).toBe(200);
    await app.drain();
    expect(app.mailbox.mails.map(({ to }) => to).toSorted()).toEqual([ann.email, ben.email].toSorted());
    expect(app.mailbox.mails[0]!.text).toContain('Write the release notes. (Mara, 2026-03-04)');
    const sent = await run();
    expect(sent).toMatchObject({ state: 'done', mail: { recipients: [] } });
    expect(sent.steps[4]).toMatchObject({ state: 'done', confirmedBy: ann.userId });
    expect((await act(drafted.id, 'send-mail', { version: sent.version })).body.code).toBe(
      'workflow_runs.no_draft',
    );
  });

  it('send a mail by themselves where the workflow says so and the plan allows it', async () => {
    const steps = [...SUMMARIZE, { kind: 'mail', send: 'by_itself' }];
    await createWorkflow({ steps });
    await captioned();
    answers();
    await hold();
    expect(app.mailbox.mails).toHaveLength(2);
    const free = await app.person();
    held = await createHeldCall(app, free, { people: [free] });
    ann = free;
    await createWorkflow({ steps: [{ kind: 'transcribe' }, { kind: 'summarize' }, steps[2]] });
    await captioned();
    await hold();
    expect(app.mailbox.mails).toHaveLength(2);
    expect(statesOf(await run())).toEqual(['done', 'done', 'waiting']);
  });

  const toWhom = () => app.mailbox.mails.map(({ to }) => to).toSorted();
  const emailsOf = (...people: Person[]) => people.map(({ email }) => email).toSorted();

  it('send by themselves no mail to those who came later, left early, or were removed; a person sees them first', async () => {
    const colleague = (role: 'member' | 'admin' = 'member') =>
      app.person({ role, organizationId: ann.organizationId, plan: 'pro' });
    const [late, gone, out] = [await colleague(), await colleague(), await colleague()];
    const admin = await colleague('admin');
    held = await createHeldCall(app, ann, { people: [ann, ben, late, gone, out, admin] });
    // The first words were said at 9:00:04.
    const set = ({ userId }: Person, times: string) =>
      ownerSql(`update call_participants set ${times} where call_id = $1 and user_id = $2`, [
        held.callId,
        userId,
      ]);
    for (const each of [late, admin]) await set(each, "joined_at = '2026-03-02T09:00:05Z'");
    await set(gone, "left_at = '2026-03-02T09:00:10Z'");
    await ownerSql(
      `insert into room_people (organization_id, room_id, identity, user_id, removed_at, changed_by, updated_at)
       values ($1, $2, $3, $3, now(), $3, now())
       on conflict (room_id, identity) do update set removed_at = now()`,
      [ann.organizationId, held.roomId, out.userId],
    );
    await createWorkflow({ steps: [...SUMMARIZE, { kind: 'mail', send: 'by_itself' }] });
    const id = await captioned();
    await ownerSql(
      'update transcript_segments set is_gap = true where transcription_id = $1 and position = 0',
      [id],
    );
    answers();
    await hold();
    expect(toWhom()).toEqual(emailsOf(ann, ben, admin));
    expect(statesOf(await run())).toEqual(['done', 'done', 'done: came_later']);
    answers();
    const { id: runId } = await run();
    await act(runId, 'repeat', { from: 'mail' });
    await whenAnswered();
    const drafted = await run();
    const seen = (each: Person, cameLater: boolean) =>
      expect.objectContaining({ userId: each.userId, cameLater });
    expect(drafted.mail.recipients).toHaveLength(5);
    expect(drafted.mail.recipients).toEqual(
      expect.arrayContaining([seen(ann, false), seen(admin, false), seen(late, true), seen(gone, true)]),
    );
    app.mailbox.mails.length = 0;
    expect((await act(runId, 'send-mail', { version: drafted.version })).status).toBe(200);
    // The confirmer did not see who becomes a recipient afterwards.
    await ownerSql('update room_people set removed_at = null where room_id = $1', [held.roomId]);
    await whenAnswered();
    expect(toWhom()).toEqual(emailsOf(ann, ben, late, gone, admin));
  });

  it.each([
    ['switched off', { enabled: false }],
    ['changed', { name: 'Minutes' }],
  ])('wait for a person before others read them when the workflow was %s meanwhile', async (_how, change) => {
    const { id } = await createWorkflow({
      steps: [...SUMMARIZE, { kind: 'mail', send: 'by_itself' }, { kind: 'post' }],
    });
    await captioned();
    await whileAsked(
      () => endCall(app, ann.organizationId, held),
      () => api('PATCH', `/ai/workflows/${id}`, change, ann, { 'if-match': '*' }),
    );
    const waiting = await run();
    const changed = 'waiting: workflow_changed';
    expect(statesOf(waiting)).toEqual(['done', 'done', changed, changed]);
    expect(app.mailbox.mails).toEqual([]);
    expect(posts()).toEqual([]);
    expect((await act(waiting.id, 'repeat', { from: 'post' })).status).toBe(200);
    await whenAnswered();
    expect(statesOf(await run())).toEqual(['done', 'done', changed, 'done']);
    expect(posts()).toHaveLength(1);
  });

  it('send the mail about a call in a private room to those to whom it shows, as their own blocks say', async () => {
    await ownerSql('update rooms set direct = true where id = $1', [held.roomId]);
    expect((await api('POST', '/contacts', { userId: ann.userId, blocked: true }, ben)).status).toBe(201);
    await createWorkflow({ steps: [...SUMMARIZE, { kind: 'mail', send: 'by_itself' }] });
    await captioned();
    answers();
    await ownerSql("update calls set status = 'ended', ended_at = now() where id = $1", [held.callId]);
    await hold();
    expect(toWhom()).toEqual(emailsOf(ann));
  });

  it('ask the budget of mails once for each mail, however often it is tried', async () => {
    const take = vi.spyOn(app.services.ports.limiter, 'take');
    app.mailbox.misbehave('unavailable');
    await createWorkflow({ steps: [...SUMMARIZE, { kind: 'mail', send: 'by_itself' }] });
    await captioned();
    answers();
    const attemptsBefore = app.mailbox.attempts;
    await endCall(app, ann.organizationId, held);
    const drained = async () => {
      await app.drain();
      return app.mailbox.attempts - attemptsBefore;
    };
    await expect.poll(drained, { interval: 20, timeout: 20_000 }).toBe(2);
    expect(app.mailbox.mails).toHaveLength(1);
    app.clock.advanceSeconds(600);
    await whenAnswered();
    expect(app.mailbox.mails).toHaveLength(2);
    const asked = take.mock.calls.filter(([, rule]) => rule.name === 'workflow-mails');
    take.mockRestore();
    expect(asked).toHaveLength(2);
  });

  it('send no mail that was confirmed before a correction: it waits again', async () => {
    await createWorkflow({ steps: [...SUMMARIZE, { kind: 'mail' }] });
    const transcriptionId = await captioned();
    answers();
    await hold();
    const drafted = await run();
    await ownerSql(
      `update workflow_runs set state = 'running', ended_at = null, version = version + 1, steps = jsonb_set(jsonb_set(
         steps, '{2,state}', '"running"'), '{2,confirmedBy}', to_jsonb($2::text)) where id = $1`,
      [drafted.id, ann.userId],
    );
    const text = 'Sure, I will write the release notes by Tuesday.';
    await api('POST', `/ai/transcriptions/${transcriptionId}/corrections`, { position: 50, text });
    await app.drain();
    await publishEvents(app, ann.organizationId, [runAdvanced.of({ runId: drafted.id })]);
    await whenAnswered();
    const waiting = await run();
    expect(waiting.steps[2]).toMatchObject({ state: 'waiting', isOutdated: true, confirmedBy: null });
    expect(app.mailbox.mails).toEqual([]);
  });

  it('that fail end the run with the reason, and a person has them repeated', async () => {
    await createWorkflow({ steps: [...SUMMARIZE, { kind: 'outcomes' }] });
    await captioned();
    standIn.next.push({ fault: { kind: 'status', status: 400 } });
    await hold();
    const failed = await run();
    expect(failed).toMatchObject({ state: 'failed', reason: 'generation_failed' });
    expect(statesOf(failed)).toEqual(['done', 'failed: generation_failed', 'pending']);
    expect((await act(failed.id, 'repeat', {}, ben)).status).toBe(403);
    answers();
    expect((await act(failed.id, 'repeat', {})).status).toBe(200);
    await app.drain();
    await whenAnswered();
    const done = await run();
    expect(done).toMatchObject({ state: 'done' });
    expect(done.steps.map(({ attempts }: { attempts: number }) => attempts)).toEqual([1, 2, 1]);
    expect(await outcomes()).toHaveLength(4);
    expect((await act(failed.id, 'repeat', {})).body.code).toBe('workflow_runs.nothing_to_repeat');
  });

  it('that fail have cost what is unknown when no price is known, not nothing', async () => {
    const prices = app.services.ports.modelPrices;
    const { find } = prices;
    prices.find = async (...request) => ({ ...(await find(...request)), ai_input_tokens: null });
    await createWorkflow({ steps: SUMMARIZE });
    await captioned();
    const pieces = ['no ', 'summary'];
    standIn.next.push({ answer: { pieces, usage: { input_tokens: 9, output_tokens: 9 } } });
    await hold();
    const failed = await run();
    expect(failed).toMatchObject({ state: 'failed', costMicros: null });
    expect(failed.steps[1]).toMatchObject({ costMicros: null });
  });

  it('are outdated by a correction of the transcript, and repeated replace what they had found', async () => {
    await createWorkflow({ steps: [...SUMMARIZE, { kind: 'outcomes' }, { kind: 'mail' }] });
    const id = await captioned();
    answers();
    await hold();
    const text = 'Sure, I will write the release notes by Tuesday.';
    await api('POST', `/ai/transcriptions/${id}/corrections`, { position: 50, text });
    await app.drain();
    const outdated = await run();
    expect(outdated.steps.map(({ isOutdated }: { isOutdated: boolean }) => isOutdated)).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect((await act(outdated.id, 'send-mail', { version: outdated.version })).body.code).toBe(
      'workflow_runs.outdated',
    );
    answers();
    await act(outdated.id, 'repeat', {});
    await app.drain();
    await whenAnswered();
    const repeated = await run();
    expect(repeated.steps.some(({ isOutdated }: { isOutdated: boolean }) => isOutdated)).toBe(false);
    expect(repeated.summaryId).not.toBe(outdated.summaryId);
    // The quote for the release notes is no longer there.
    expect((await outcomes()).map(({ text: each }: { text: string }) => each)).not.toContain(
      'Write the release notes.',
    );
  });

  it('cost no more than the run may: a question that can is not asked, with an unknown price neither', async () => {
    await createWorkflow({ maxCostMicros: 10 });
    await captioned();
    await hold();
    expect(await run()).toMatchObject({ state: 'failed', reason: 'summaries.too_expensive' });
    expect(standIn.requests).toEqual([]);
  });
});

describe('a run ends', () => {
  const refusedAtStep = async () => {
    await captioned();
    await hold();
    expect(standIn.requests).toEqual([]);
    return ownerSql<{ state: string; reason: string }>(
      'select state, reason from workflow_runs where organization_id = $1 order by id',
      [ann.organizationId],
    );
  };

  it('with the access of its author: removed, or without the permission', async () => {
    const admin = await app.person({ role: 'admin', organizationId: ann.organizationId, plan: 'pro' });
    await createWorkflow({}, admin);
    await ownerSql("update members set status = 'suspended' where user_id = $1", [admin.userId]);
    expect(await refusedAtStep()).toEqual([{ state: 'cancelled', reason: 'access_ended' }]);
    held = await createHeldCall(app, ann);
    await ownerSql("update members set status = 'active', role = 'guest' where user_id = $1", [admin.userId]);
    expect((await refusedAtStep())[1]).toEqual({ state: 'cancelled', reason: 'access_ended' });
  });

  it('when its author may have workflows run no more, however much they may in the room', async () => {
    ben = await app.person({ role: 'admin', organizationId: ann.organizationId, plan: 'pro' });
    await createWorkflow({ steps: [...SUMMARIZE, { kind: 'outcomes' }, { kind: 'post' }] }, ben);
    held = await createHeldCall(app, ben, { people: [ann, ben] });
    await captioned();
    await whileAsked(
      () => endCall(app, ann.organizationId, held),
      () => ownerSql("update members set role = 'member' where user_id = $1", [ben.userId]),
    );
    const ended = await run();
    expect(ended).toMatchObject({ state: 'cancelled', reason: 'access_ended', authorId: ben.userId });
    expect(statesOf(ended)).toEqual(['done', 'cancelled', 'cancelled', 'cancelled']);
    expect(await outcomes()).toEqual([]);
    expect(posts()).toEqual([]);
  });

  it('of a person who has repeated it, with their role in the room; until then it asks for no more than that took', async () => {
    await createWorkflow({ steps: [...SUMMARIZE, { kind: 'outcomes' }, { kind: 'post' }] });
    held = await createHeldCall(app, ben, { people: [ann, ben] });
    await captioned();
    const fail = () => standIn.next.push({ fault: { kind: 'status', status: 400 } });
    fail();
    await hold();
    const { id } = await run();
    fail();
    const repeat = async () => expect((await act(id, 'repeat', {}, ben)).status).toBe(200);
    await repeat();
    await whenAnswered();
    expect(await run()).toMatchObject({ state: 'failed', reason: 'generation_failed', authorId: ben.userId });
    await whileAsked(repeat, () =>
      ownerSql(
        `insert into room_people (organization_id, room_id, identity, user_id, role, changed_by, updated_at)
         values ($1, $2, $3, $3, 'participant', $3, now())
         on conflict (room_id, identity) do update set role = 'participant'`,
        [ann.organizationId, held.roomId, ben.userId],
      ),
    );
    expect(await run()).toMatchObject({ state: 'cancelled', reason: 'access_ended' });
    expect(await outcomes()).toEqual([]);
    expect(posts()).toEqual([]);
  });

  it('with the plan', async () => {
    await createWorkflow();
    await app.send('POST', `/api/v1/operator/organizations/${ann.organizationId}/entitlement-grants`, {
      token: app.operator,
      body: { kind: 'feature', name: 'meeting_workflows', value: 0, reason: 'test' },
    });
    expect(await refusedAtStep()).toEqual([{ state: 'cancelled', reason: 'plan' }]);
  });

  it('with its room, and goes with its call', async () => {
    await createWorkflow();
    await captioned(planning.lines, { state: 'running', endedAt: null });
    await hold();
    await api('DELETE', `/rooms/${held.roomId}`, undefined, ann, { 'if-match': '*' });
    await app.drain();
    expect(await run()).toMatchObject({ state: 'cancelled', reason: 'room_deleted' });
    await ownerSql('delete from calls where id = $1', [held.callId]);
    expect(await runs()).toEqual([]);
  });

  it('when the transcript is deleted while a model is asked, and when a person cancels it', async () => {
    await createWorkflow();
    const id = await captioned();
    let release = () => {};
    standIn.gate = new Promise((resolve) => (release = resolve));
    // The gate is between two pieces.
    standIn.next.push({ answer: { pieces: ['{', '}'], usage: { input_tokens: 9, output_tokens: 9 } } });
    await endCall(app, ann.organizationId, held);
    await api('DELETE', `/ai/transcriptions/${id}`);
    release();
    standIn.gate = undefined;
    await whenAnswered();
    await sweepRunsLater();
    expect(await run()).toMatchObject({ state: 'failed', reason: 'transcript_gone', summaryId: null });
    held = await createHeldCall(app, ann);
    await captioned(planning.lines, { state: 'running', endedAt: null });
    await hold();
    const { id: runId } = await run();
    expect((await act(runId, 'cancel')).body).toMatchObject({ state: 'cancelled', reason: 'requested' });
    expect((await act(runId, 'cancel')).body.code).toBe('workflow_runs.not_running');
  });

  const sweepRunsLater = async () => {
    app.clock.advanceSeconds(21 * 60);
    await sweepRuns(app.services);
    ann = await withFreshToken(app, ann);
  };
});

describe('access', () => {
  it('to runs and outcomes have moderators of the room, and to change workflows administrators', async () => {
    await createWorkflow();
    await captioned();
    answers();
    await hold();
    const { id } = await run();
    const path = `/rooms/${held.roomId}/workflow-runs`;
    for (const each of [path, `${path}/${id}`, `/rooms/${held.roomId}/call-outcomes`])
      expect((await api('GET', each, undefined, ben)).status).toBe(403);
    const outsider = await app.person();
    expect((await api('GET', `${path}/${id}`, undefined, outsider)).status).toBe(404);
    expect((await api('POST', '/ai/workflows', { name: 'Mine', steps: SUMMARIZE }, ben)).status).toBe(403);
    expect((await api('GET', '/ai/workflows', undefined, ben)).body.data).toHaveLength(1);
  });
});
