import { expect } from 'vitest';
import { createBucketExample } from '../../../src/media/buckets/buckets.schemas.ts';
import { createConnectionExample } from '../../../src/intelligence/mcp-connections/mcp-connections.schemas.ts';
import { addThoughtExample } from '../../../src/intelligence/thoughts/thoughts.schemas.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';
import { createCalls } from '../../support/calls.ts';
import { insertReview } from '../../support/moderation.ts';
import { insertAlert } from '../../support/compression-alerts.ts';
import { createWorkflow, insertQuestion, insertRun } from '../../support/workflows.ts';
import { createSummary, createTranscript } from '../../support/transcripts.ts';
import { createCompression } from '../../support/file-compressions.ts';
import { insertCallAgent } from '../../support/call-agents.ts';
import { assignAgent, createAgent, createConversation, insertAwaitingAnswer } from '../../support/agents.ts';
import { createTeam, startRun, stopRun } from '../../support/teams.ts';
import { createCustomProvider } from '../../support/ai/custom-provider.ts';
import { storeTexts } from '../../support/memories.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';
import { insertSendSession } from '../../support/send-sessions.ts';
import { insertIngress } from '../../support/ingresses.ts';
import { insertPhoneCall, insertPhoneNumber, insertTrunk } from '../../support/phone-calls.ts';
import { insertStream } from '../../support/streams.ts';
import { ownerSql } from '../sql.ts';
import { createBreakoutId, createParticipant, createPollId } from './room-preparations.ts';

type ResourceFactory = (app: TestApp, owner: Person) => Promise<string>;

/** Creates a resource through its own route. */
async function createResource(app: TestApp, owner: Person, path: string, body: unknown): Promise<string> {
  const answer = await app.send('POST', path, { token: owner.token, body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id as string;
}

/** A file of the owner. */
export async function createFileId(
  app: TestApp,
  { token }: Pick<Person, 'token'>,
  query: Record<string, string> = {},
): Promise<string> {
  const answer = await uploadFile(app, token, { content: 'notes', query });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id as string;
}

/** A link to a clean file of the owner. */
export async function createFileLink(
  app: TestApp,
  { token }: Pick<Person, 'token'>,
): Promise<{ fileId: string; fileLinkId: string; token: string }> {
  const fileId = await createFileId(app, { token });
  await ownerSql(`update files set scan_status = 'clean' where id = $1`, [fileId]);
  const answer = await app.send('POST', `/api/v1/files/${fileId}/links`, { token, body: {} });
  expect(answer).toMatchObject({ status: 201 });
  return { fileId, fileLinkId: answer.body.id, token: answer.body.token };
}

/** A resumable upload of the owner without bytes, of the length of the contract's example. */
async function createUploadId(app: TestApp, { token }: Person): Promise<string> {
  const answer = await app.send('POST', '/api/v1/uploads', {
    token,
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': '21',
      'upload-metadata': `filename ${btoa('notes.txt')}`,
    },
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id as string;
}

/** Inserts a row that no route creates at once, and returns its id. */
async function insertRow(table: string, row: Record<string, unknown>): Promise<string> {
  const names = Object.keys(row);
  const placeholders = names.map((_name, index) => `$${index + 1}`);
  await ownerSql(
    `insert into ${table} (${names.join(', ')}) values (${placeholders.join(', ')})`,
    Object.values(row),
  );
  return row.id as string;
}

const uniqueText = () => crypto.randomUUID();
const formatTime = (app: TestApp, inSeconds = 0) =>
  new Date(app.clock.now() + inSeconds * 1000).toISOString();

/** Somebody who waits to be let into the room. */
export const insertLobbyEntry = (app: TestApp, organizationId: string, roomId: string): Promise<string> =>
  insertRow('lobby_entries', {
    id: app.services.ids.create('lobbyEntry'),
    organization_id: organizationId,
    room_id: roomId,
    identity: app.services.ids.create('guest'),
    kind: 'guest',
    name: 'Ada',
    role: 'participant',
    created_at: formatTime(app),
    expires_at: formatTime(app, 1800),
  });

/** A link to a room of the owner. */
async function createLink(app: TestApp, owner: Person): Promise<{ id: string; code: string }> {
  const roomId = await createResource(app, owner, '/api/v1/rooms', { name: `Room ${uniqueText()}` });
  const answer = await app.send('POST', '/api/v1/links', { token: owner.token, body: { roomId } });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as { id: string; code: string };
}

/** A moment at which nothing happens. */
export const UNUSED_MOMENT = '2026-01-12T09:00:00.000Z';

/** A recognition that a person has begun, in its live object. */
export async function beginRecognition({ services }: TestApp, person: Person): Promise<string> {
  const { organizationId, userId, sessionId, role, plan } = person;
  const recognitionId = services.ids.create('recognition');
  await services.ports.recognitions.begin({
    recognitionId,
    organizationId,
    asker: { kind: 'user', userId, sessionId, organizationId, role, plan: plan ?? null, permissions: [] },
    language: null,
    encoding: 'pcm16',
    createdAtMs: services.clock.now(),
  });
  return recognitionId;
}

/** A batch of a person, at which no sweep looks. */
export const createBatch = (app: TestApp, { organizationId, userId }: Person, status: 'running' | 'ended') =>
  insertRow('ai_batches', {
    id: app.services.ids.create('aiBatch'),
    organization_id: organizationId,
    user_id: userId,
    provider: 'anthropic',
    own_key: false,
    status,
    request_count: 1,
    is_reserved: false,
    created_at: formatTime(app),
    ended_at: status === 'ended' ? formatTime(app) : null,
  });

/** A generation of a person, that no live object knows. */
export const createGeneration = (app: TestApp, { organizationId, userId }: Person, status: string) =>
  insertRow('ai_generations', {
    id: app.services.ids.create('generation'),
    organization_id: organizationId,
    user_id: userId,
    status,
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    own_key: false,
    usage_state: 'none',
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cache_write_hour_tokens: 0,
    attempts: '[]',
    created_at: formatTime(app),
  });

/**
 * How to make what a path parameter names, in the owner's organization; by the parameter's name, or by
 * `collection/name` where a name means several things. A new route with a new parameter brings its own.
 */
export const resourceFactories: Record<string, ResourceFactory> = {
  code: async () => 'request.invalid',
  linkId: async (app, owner) => (await createLink(app, owner)).id,
  'validate/code': async (app, owner) => (await createLink(app, owner)).code,
  'join/code': async (app, owner) => (await createLink(app, owner)).code,
  'links/code': async (app, owner) => (await createLink(app, owner)).code,
  organizationId: async (_app, owner) => owner.organizationId,
  roomId: (app, owner) => createResource(app, owner, '/api/v1/rooms', { name: `Room ${uniqueText()}` }),
  callId: async (app, owner) => {
    const { token } = owner;
    const roomId = await createResource(app, owner, '/api/v1/rooms', { name: 'Room' });
    const answer = await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body: {} });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body.callId as string;
  },
  participantId: createParticipant,
  originalStartsAt: async () => UNUSED_MOMENT,
  pollId: createPollId,
  sendSessionId: async (app, owner) => insertSendSession(app, await createParticipant(app, owner)),
  bucketId: (app, owner) => createResource(app, owner, '/api/v1/buckets', createBucketExample),
  recordingId: async (app, owner) => {
    const { organizationId } = owner;
    const roomId = await resourceFactories.roomId!(app, owner);
    const [call] = await createCalls(app, [{ organizationId, roomId }]);
    return insertRecording(app, { organizationId, roomId, callId: call!.callId });
  },
  streamId: async (app, owner) => {
    const { organizationId } = owner;
    const roomId = await resourceFactories.roomId!(app, owner);
    const [call] = await createCalls(app, [{ organizationId, roomId }]);
    return (await insertStream(app, { organizationId, roomId, callId: call!.callId })).streamId;
  },
  ingressId: async (app, owner) => {
    const { organizationId } = owner;
    return insertIngress(app, { organizationId, roomId: await resourceFactories.roomId!(app, owner) });
  },
  phoneNumberId: (app, { organizationId }) => insertPhoneNumber(app, { organizationId }),
  phoneTrunkId: (app, { organizationId }) => insertTrunk(app, { organizationId }),
  phoneCallId: async (app, owner) => {
    const { organizationId } = owner;
    const roomId = await resourceFactories.roomId!(app, owner);
    return insertPhoneCall(app, { organizationId, roomId });
  },
  assignmentId: async (app, owner) => assignAgent(app, owner, await resourceFactories.roomId!(app, owner)),
  callAgentId: async (app, owner) =>
    insertCallAgent(app, owner, { roomId: await resourceFactories.roomId!(app, owner) }),
  agentId: (app, owner) => createAgent(app, owner),
  conversationId: async (app, owner) => createConversation(app, owner, await createAgent(app, owner)),
  answerId: async (app, owner) =>
    insertAwaitingAnswer(await createConversation(app, owner, await createAgent(app, owner))),
  'ratings/answerId': (app, owner) => createGeneration(app, owner, 'completed'),
  template: async () => 'debate',
  teamId: async (app, owner) => (await createTeam(app, owner)).teamId,
  runId: async (app, owner) =>
    stopRun(app, owner, await startRun(app, owner, (await createTeam(app, owner)).teamId)),
  targetId: async (app) => app.services.ids.create('streamTarget'),
  breakoutId: createBreakoutId,
  provider: async () => 'anthropic',
  scope: async () => 'organization',
  customProviderName: (app, { token }) => createCustomProvider(app, token),
  from: async () => 'en',
  to: async () => 'es',
  generationId: (app, owner) => createGeneration(app, owner, 'completed'),
  batchId: (app, owner) => createBatch(app, owner, 'ended'),
  recognitionId: (app, owner) => beginRecognition(app, owner),
  lobbyEntryId: async (app, { organizationId }) => {
    const now = formatTime(app);
    const roomId = await insertRow('rooms', {
      id: app.services.ids.create('room'),
      organization_id: organizationId,
      name: 'Room',
      type: 'group',
      capacity: 2,
      features: '{}',
      lobby: true,
      empty_timeout_seconds: 300,
      departure_timeout_seconds: 20,
      default_roles: '{}',
      tags: '{}',
      metadata: '{}',
      created_by: uniqueText(),
      created_at: now,
      updated_at: now,
    });
    return insertLobbyEntry(app, organizationId, roomId);
  },
  userId: async (app, owner) =>
    (await app.person({ role: 'member', organizationId: owner.organizationId })).userId,
  memberId: async (app, owner) => {
    const { userId } = await app.person({ role: 'member', organizationId: owner.organizationId });
    const [row] = await ownerSql<{ id: string }>('select id from members where user_id = $1', [userId]);
    return row!.id;
  },
  'api-keys/id': (app, owner) =>
    createResource(app, owner, '/api/v1/api-keys', { name: `Key ${uniqueText()}` }),
  'invitations/id': (app, owner) =>
    createResource(app, owner, `/api/v1/organizations/${owner.organizationId}/invitations`, {
      email: `${uniqueText()}@auralink.test`,
    }),
  deadLetterId: async (app, { organizationId, userId }) => {
    const common = {
      organization_id: organizationId,
      type: 'presence.changed',
      key: uniqueText(),
      available_at: formatTime(app),
      created_at: formatTime(app),
    };
    const eventId = await insertRow('outbox', {
      ...common,
      id: app.services.ids.create('outbox'),
      payload: JSON.stringify({ organizationId, userId }),
      traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
      status: 'done',
      published_at: formatTime(app),
      subscriber_set: '',
    });
    return insertRow('deliveries', {
      ...common,
      id: `${eventId}.presence.publish`,
      event_id: eventId,
      subscriber: 'presence.publish',
      seq: 1,
      status: 'dead',
      due_at: formatTime(app),
      attempts: 8,
      last_error: 'it failed',
      finished_at: formatTime(app),
    });
  },
  auditLogId: async (app, owner) => {
    await createResource(app, owner, '/api/v1/api-keys', { name: `Key ${uniqueText()}` });
    const list = await app.send('GET', '/api/v1/audit/logs?limit=1', { token: owner.token });
    return list.body.data[0].id as string;
  },
  sessionId: (app, { userId }) =>
    insertRow('sessions', {
      id: app.services.ids.create('session'),
      user_id: userId,
      token_hash: uniqueText(),
      created_at: formatTime(app),
      updated_at: formatTime(app),
      expires_at: formatTime(app, 3600),
    }),
  mcpConnectionId: (app, owner) =>
    createResource(app, owner, '/api/v1/mcp/connections', createConnectionExample),
  chainId: async (app, { token }) => {
    const answer = await app.send('POST', '/api/v1/ai/thoughts', { token, body: addThoughtExample });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.chainId as string;
  },
  memoryId: async (app, owner) => {
    const [stored] = await storeTexts(app, owner, [`Memory ${uniqueText()}`]);
    return stored!.id;
  },
  contactId: (app, owner) =>
    createResource(app, owner, '/api/v1/contacts', { external: { name: 'Desk', address: uniqueText() } }),
  entitlementGrantId: async (app, { organizationId }) => {
    const path = `/api/v1/operator/organizations/${organizationId}/entitlement-grants`;
    const body = { kind: 'credit', name: 'participant_minutes', value: 500, reason: 'Pilot' };
    const answer = await app.send('POST', path, { token: app.operator, body });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.id as string;
  },
  invoiceId: (app, { organizationId }) =>
    insertRow('invoices', {
      id: app.services.ids.create('invoice'),
      organization_id: organizationId,
      provider: 'stripe',
      provider_invoice_id: uniqueText(),
      status: 'open',
      currency: 'USD',
      ...Object.fromEntries(
        [
          'subtotal',
          'discount',
          'tax',
          'total',
          'from_balance',
          'credited_before_payment',
          'due',
          'paid',
          'remaining',
          'credited_after_payment',
          'refunded',
          'attempts',
        ].map((name) => [name, 0]),
      ),
      lines: '[]',
      credit_notes: '[]',
      refunds: '[]',
      created_at: formatTime(app),
      updated_at: formatTime(app),
    }),
  paymentMethod: async () => `pm_${uniqueText()}`,
  costInsightId: async (app, { organizationId }) => {
    const [row] = await ownerSql(
      `insert into cost_insights (id, organization_id, kind, found, evidence, detected_at, measured_at)
       values ($1, $2, 'unused_rooms', true, '{"rooms": 1}', $3, $3)
       on conflict (organization_id, kind) do update set found = true returning id`,
      [app.services.ids.create('costInsight'), organizationId, formatTime(app)],
    );
    return row!.id as string;
  },
  reportId: (app, owner) =>
    createResource(app, owner, '/api/v1/analytics/reports', {
      name: 'Calls',
      spec: { source: 'calls', measures: ['calls'] },
    }),
  priceId: async (app) => {
    const price = {
      meter: `test_${uniqueText().replaceAll('-', '_')}`,
      unitPrice: '0.01',
      unitQuantity: 1,
      startsAt: '2026-01-01T00:00:00Z',
      source: 'Test',
    };
    const answer = await app.send('POST', '/api/v1/operator/prices', {
      token: app.operator,
      body: { prices: [price] },
    });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body.created[0].id as string;
  },
  fileId: (app, owner) => createFileId(app, owner),
  fileLinkId: async (app, owner) => (await createFileLink(app, owner)).fileLinkId,
  'shared-downloads/token': async (app, owner) => {
    const { token } = await createFileLink(app, owner);
    const { body } = await app.send('POST', '/api/v1/shared-files/open', { body: { token } });
    return (body.url as string).split('/').at(-1)!;
  },
  compressionAlertId: (app, owner) => insertAlert(app, owner),
  transcriptionId: async (app, owner) => (await createTranscript(app, owner)).transcriptionId,
  summaryId: async (app, owner) => (await createSummary(app, owner)).summaryId,
  workflowId: (app, owner) => createWorkflow(app, owner),
  'questions/questionId': async (app, owner) => {
    const { organizationId } = owner;
    const roomId = await resourceFactories.roomId!(app, owner);
    const [call] = await createCalls(app, [{ organizationId, roomId }]);
    return insertQuestion(app, owner, { roomId, callId: call!.callId });
  },
  'reviews/reviewId': async (app, owner) =>
    insertReview(app, owner, { roomId: await resourceFactories.roomId!(app, owner) }),
  'workflow-runs/runId': async (app, owner) =>
    insertRun(app, owner, { roomId: await resourceFactories.roomId!(app, owner) }),
  compressionId: async (app, owner) => (await createCompression(app, owner)).compressionId,
  'uploads/fileId': (app, owner) => createUploadId(app, owner),
  'previews/name': async () => 'large.webp',
  'downloads/token': async (app, owner) => {
    const path = `/api/v1/files/${await createFileId(app, owner)}/download-url`;
    const { body } = await app.send('POST', path, { token: owner.token, body: {} });
    return (body.url as string).split('/').at(-1)!;
  },
  'recording-downloads/token': async (app, owner) => {
    const { roomId, callId, organizationId } = await createRecordableRoom(app, owner);
    const row = { organizationId, roomId, callId, storage: 'product' } as const;
    const path = `/api/v1/rooms/${roomId}/recordings/${await insertRecording(app, row)}/download`;
    const { body } = await app.send('GET', path, { token: owner.token });
    return (body.url as string).split('/').at(-1)!;
  },
  ringId: async (app, owner) => {
    const { userId } = await app.person({ role: 'member', organizationId: owner.organizationId });
    return createResource(app, owner, '/api/v1/rings', { to: userId });
  },
  operationId: (app, { organizationId, userId }) =>
    insertRow('operations', {
      id: app.services.ids.create('operation'),
      organization_id: organizationId,
      kind: 'audit.export',
      input: '{}',
      requested_by: userId,
      permission: 'organizations:read',
      created_at: formatTime(app),
      updated_at: formatTime(app),
    }),
};
