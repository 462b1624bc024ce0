import { callEnded } from '../../src/calls/calls/index.ts';
import { runAsSystem } from '../../src/kernel/delivery/index.ts';
import type { DomainEvent } from '../../src/kernel/events/index.ts';
import { callQuestions } from '../../src/intelligence/call-questions/call-questions.tables.ts';
import { stepsOf } from '../../src/intelligence/workflow-runs/index.ts';
import { workflowRuns } from '../../src/intelligence/workflow-runs/workflow-runs.tables.ts';
import { transcriptions, transcriptSegments } from '../../src/intelligence/transcripts/transcripts.tables.ts';
import { systemScope } from '../../src/kernel/context/index.ts';
import type { Person, TestApp } from './app.ts';
import { createCalls } from './calls.ts';

/** Commits events as the product itself would. */
export const publishEvents = (app: TestApp, organizationId: string, events: DomainEvent[]) =>
  runAsSystem(app.services, 'test.event', organizationId, (ctx) =>
    ctx.commit({ write: () => [], events, result: undefined }),
  );

/** A transcript of a call or a recording that is ready: each line a segment of four seconds. */
export async function insertCallTranscript(
  app: TestApp,
  owner: Pick<Person, 'organizationId' | 'userId'>,
  subject: { callId: string } | { recordingId: string },
  lines: readonly string[],
  row: Partial<typeof transcriptions.$inferInsert> = {},
): Promise<string> {
  const { ids, clock, database } = app.services;
  const { organizationId, userId } = owner;
  const id = ids.create('transcription');
  const now = new Date(clock.now());
  const defaults = {
    id,
    organizationId,
    state: 'ready',
    language: 'en',
    model: 'whisper-base',
    requestedBy: userId,
    createdAt: now,
    updatedAt: now,
    endedAt: now,
  } as const;
  const segments = lines.map((text, each) => ({
    transcriptionId: id,
    organizationId,
    position: each * 10,
    startMs: each * 4_000,
    endMs: each * 4_000 + 3_900,
    text,
    words: [],
  }));
  await database.commit(systemScope, (q) => [
    q.insert(transcriptions).values({ ...defaults, ...subject, ...row }),
    ...(segments.length === 0 ? [] : [q.insert(transcriptSegments).values(segments)]),
  ]);
  return id;
}

/** A room of somebody, with a call in it that was held on a day, and people who were there. */
export async function createHeldCall(
  app: TestApp,
  { token, organizationId }: Person,
  {
    heldOn = '2026-03-02',
    people = [],
    room = {},
  }: { heldOn?: string; people?: readonly Person[]; room?: object } = {},
) {
  const made = await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Planning', ...room } });
  const roomId: string = made.body.id;
  const startedAt = new Date(`${heldOn}T09:00:00Z`);
  const participants = people.map(({ userId }) => ({ identity: userId, joinedAt: startedAt }));
  const [call] = await createCalls(app, [{ organizationId, roomId, startedAt, participants }]);
  return { roomId, callId: call!.callId };
}

/** The call ends, and what follows is done. */
export async function endCall(
  app: TestApp,
  organizationId: string,
  { roomId, callId }: { roomId: string; callId: string },
) {
  await publishEvents(app, organizationId, [callEnded.of({ callId, roomId })]);
  await app.drain();
}

/** A run that failed at its summary, of a call of its own in the room or of the one that is given. */
export async function insertRun(
  app: TestApp,
  { organizationId, userId }: Pick<Person, 'organizationId' | 'userId'>,
  {
    roomId,
    callId: given,
    ...row
  }: { roomId: string; callId?: string } & Partial<typeof workflowRuns.$inferInsert>,
): Promise<string> {
  const { ids, clock, database } = app.services;
  const id = ids.create('workflowRun');
  const now = new Date(clock.now());
  const callId = given ?? (await createCalls(app, [{ organizationId, roomId, status: 'ended' }]))[0]!.callId;
  const [first, second, mail] = stepsOf([
    { kind: 'transcribe', from: 'either' },
    { kind: 'summarize', fallbackModels: [] },
    { kind: 'mail', send: 'on_confirmation' },
  ]);
  const run = {
    id,
    organizationId,
    workflowName: 'Notes',
    workflowVersion: 1,
    callId,
    roomId,
    authorId: userId,
    state: 'failed',
    reason: 'generation_failed',
    steps: [
      { ...first!, state: 'done' },
      { ...second!, state: 'failed', reason: 'generation_failed' },
      mail!,
    ],
    createdAt: now,
    updatedAt: now,
    endedAt: now,
    ...row,
  } satisfies typeof workflowRuns.$inferInsert;
  await database.commit(systemScope, (q) => [q.insert(workflowRuns).values(run)]);
  return id;
}

/** A run whose mail waits to be sent, if it is `waiting`; otherwise one that runs. */
export function insertRunAt(
  app: TestApp,
  owner: Pick<Person, 'organizationId' | 'userId'>,
  roomId: string,
  mailState: 'waiting' | 'running',
): Promise<string> {
  const steps = stepsOf([
    { kind: 'transcribe', from: 'either' },
    { kind: 'summarize', fallbackModels: [] },
    { kind: 'mail', send: 'on_confirmation' },
  ]).map((each) => ({ ...each, state: each.step.kind === 'mail' ? mailState : ('done' as const) }));
  const isOver = mailState === 'waiting';
  return insertRun(app, owner, {
    roomId,
    steps,
    reason: null,
    state: isOver ? 'done' : 'running',
    ...(isOver ? {} : { endedAt: null }),
  });
}

/** A workflow of somebody. */
export async function createWorkflow(app: TestApp, { token }: Pick<Person, 'token'>): Promise<string> {
  const body = { name: 'Notes', steps: [{ kind: 'transcribe' }, { kind: 'summarize' }] };
  const made = await app.send('POST', '/api/v1/ai/workflows', { token, body });
  return made.body.id;
}

/** An answered question of somebody about a call. */
export async function insertQuestion(
  app: TestApp,
  { organizationId, userId }: Pick<Person, 'organizationId' | 'userId'>,
  { roomId, callId }: { roomId: string; callId: string },
): Promise<string> {
  const { ids, clock, database } = app.services;
  const id = ids.create('callQuestion');
  const now = new Date(clock.now());
  const row = {
    id,
    organizationId,
    roomId,
    callId,
    userId,
    question: 'When do we ship?',
    post: false,
    state: 'not_found',
    lines: [],
    statements: [],
    createdAt: now,
    endedAt: now,
  } satisfies typeof callQuestions.$inferInsert;
  await database.commit(systemScope, (q) => [q.insert(callQuestions).values(row)]);
  return id;
}
