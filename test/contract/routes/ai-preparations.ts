import { expect } from 'vitest';
import { createGenerationExample } from '../../../src/intelligence/generation-requests/index.ts';
import { setBudgetExample } from '../../../src/intelligence/ai-budgets/ai-budgets.schemas.ts';
import { asProcess, insertCallAgent } from '../../support/call-agents.ts';
import { createCalls } from '../../support/calls.ts';
import { assignAgent, createAgent, createConversation, insertAwaitingAnswer } from '../../support/agents.ts';
import { MEMORIES, storeTexts } from '../../support/memories.ts';
import { createTeam, startRun } from '../../support/teams.ts';
import { createTeamExample } from '../../../src/intelligence/teams/teams.examples.ts';
import { createCustomProvider, customProviderBody } from '../../support/ai/custom-provider.ts';
import { STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { PROTECTED_SERVER } from '../../support/authorization-server.ts';
import { createBatch } from './resources.ts';
import type { CallOptions, World } from './world.ts';

const PATH = '/api/v1/ai/generations';
/** The plan includes models that the platform pays for. */
const PAYING = { plan: 'pro' } as const;

/** A generation whose answer is kept. */
async function prepareAnswer({ app }: World): Promise<CallOptions> {
  const { token } = await app.person(PAYING);
  const { status, body } = await app.send('POST', PATH, { token, body: createGenerationExample });
  expect(status).toBe(200);
  return { token, params: { generationId: body.id } };
}

/** A generation that runs: its model has not begun to answer. */
async function prepareRunning({ app }: World): Promise<CallOptions> {
  const { token } = await app.person(PAYING);
  const { chat } = app.services.ports;
  app.services.ports.chat = {
    keyOf: () => ({ secret: 'none' }),
    of: () => ({
      async *chat(_request, _traits, _key, signal) {
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
        yield { type: 'text', text: '' };
      },
      testKey: () => Promise.resolve(),
    }),
  };
  const pending = app.send('POST', PATH, { token, body: { ...createGenerationExample, stream: true } });
  pending.catch(() => undefined); // It is refused once the generation is cancelled.
  let generationId = '';
  while (!app.generations.isRunning(generationId)) {
    const { body } = await app.send('GET', PATH, { token });
    generationId = body.data[0]?.id ?? '';
  }
  app.services.ports.chat = chat;
  return { token, params: { generationId } };
}

/** Two memories of an organization, of which one is merged into the other. */
async function prepareMerge({ app }: World): Promise<CallOptions> {
  const person = await app.person();
  const [memory, kept] = await storeTexts(app, person, ['Tea is at five.', 'We have tea at five.']);
  return { token: person.token, params: { memoryId: memory!.id }, body: { into: kept!.id } };
}

async function prepareMerged(world: World): Promise<CallOptions> {
  const { token, params, body } = await prepareMerge(world);
  const path = `${MEMORIES}/${params!.memoryId}/merge`;
  expect(await world.app.send('PUT', path, { token: token!, body: body as object })).toMatchObject({
    status: 200,
  });
  return { token: token!, params: params! };
}

/** An organization with a budget. */
async function prepareBudget({ app }: World): Promise<CallOptions> {
  const { token } = await app.person();
  const { status } = await app.send('PUT', '/api/v1/ai/budget', { token, body: setBudgetExample });
  expect(status).toBe(200);
  return { token };
}

/** An organization with a key for a provider. */
async function prepareKey({ app }: World): Promise<CallOptions> {
  const { token } = await app.person();
  const body = { secret: STAND_IN_KEY };
  const { status } = await app.send('PUT', '/api/v1/ai/provider-keys/anthropic', { token, body });
  expect(status).toBe(200);
  return { token, params: { provider: 'anthropic' }, body };
}

/** An organization with a glossary. */
async function prepareGlossary({ app }: World): Promise<CallOptions> {
  const { token } = await app.person();
  const body = { terms: [{ term: 'review', translation: 'revisión' }] };
  const { status } = await app.send('PUT', '/api/v1/ai/glossaries/en/es', { token, body });
  expect(status).toBe(200);
  return { token, params: { from: 'en', to: 'es' }, body };
}

/** A conversation whose owner may have the platform's models asked. */
async function prepareConversation({ app }: World): Promise<CallOptions> {
  const owner = await app.person(PAYING);
  return {
    token: owner.token,
    params: { conversationId: await createConversation(app, owner, await createAgent(app, owner)) },
  };
}

/** An answer that awaits a decision about a call. */
async function prepareDecision(world: World): Promise<CallOptions> {
  const { token, params } = await prepareConversation(world);
  const { conversationId = '' } = params!;
  return { token, params: { conversationId, answerId: await insertAwaitingAnswer(conversationId) } };
}

/** A room with an active call, and an agent that can be invited. */
async function prepareInvitation({ app }: World): Promise<CallOptions> {
  const owner = await app.person();
  const { body } = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
  await createCalls(app, [{ organizationId: owner.organizationId, roomId: body.id }]);
  const agentId = await createAgent(app, owner);
  return { token: owner.token, params: { roomId: body.id }, body: { agentId } };
}

/** A person who asks an agent to leave a call in which both are. */
async function prepareToLeave({ app }: World): Promise<CallOptions> {
  const owner = await app.person(PAYING);
  const { token, organizationId, userId } = owner;
  const { body } = await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } });
  const [call] = await createCalls(app, [
    { organizationId, roomId: body.id, participants: [{ identity: userId, role: 'host' }] },
  ]);
  const callAgentId = await insertCallAgent(app, owner, {
    roomId: body.id,
    callId: call!.callId,
    participantId: call!.participantIds[0]!,
    state: 'active',
    worker: 'agents-1',
    leaseUntil: new Date(app.clock.now() + 5_000),
  });
  return { headers: asProcess, body: { worker: 'agents-1', callAgentId, identity: userId } };
}

/** An agent in a call that has spoken. */
async function prepareToReport(world: World): Promise<CallOptions> {
  const { headers, body } = await prepareHeld(world);
  const { worker, callAgentId } = body as { worker: string; callAgentId: string };
  return { headers, body: { worker, callAgentId, recognizedSeconds: 12.4, spokenCharacters: 320 } };
}

/** An agent that is assigned to a room. */
async function prepareAssigned({ app }: World): Promise<CallOptions> {
  const owner = await app.person();
  const { body } = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
  const assignmentId = await assignAgent(app, owner, body.id);
  return { token: owner.token, params: { roomId: body.id, assignmentId } };
}

/** An agent in the active call of a room. */
async function prepareInvited({ app }: World): Promise<CallOptions> {
  const owner = await app.person();
  const { body } = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
  const roomId: string = body.id;
  return {
    token: owner.token,
    params: { roomId, callAgentId: await insertCallAgent(app, owner, { roomId }) },
  };
}

/** An agent in a call that a process has. */
async function prepareHeld({ app }: World): Promise<CallOptions> {
  const owner = await app.person(PAYING);
  const { body } = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
  const leaseUntil = new Date(app.clock.now() + 5_000);
  const callAgentId = await insertCallAgent(app, owner, {
    roomId: body.id,
    state: 'active',
    worker: 'agents-1',
    leaseUntil,
  });
  return {
    headers: asProcess,
    body: { worker: 'agents-1', callAgentId, speaker: 'Ada', text: 'When is the review?' },
  };
}

const prepareMcp = async () => ({ headers: { accept: 'application/json, text/event-stream' } });

/** A team of agents that there are. */
async function prepareTeam({ app }: World): Promise<CallOptions> {
  const owner = await app.person();
  const agentId = await createAgent(app, owner);
  const members = createTeamExample.members.map((member) => ({ ...member, agentId }));
  return { token: owner.token, body: { ...createTeamExample, members } };
}

/** An answer that the person has rated. */
async function prepareRating(world: World): Promise<CallOptions> {
  const { token, params } = await prepareAnswer(world);
  const answerId = params!.generationId!;
  const path = `/api/v1/ai/ratings/${answerId}`;
  const answer = await world.app.send('PUT', path, { token: token!, body: { thumb: 'up' } });
  expect(answer).toMatchObject({ status: 200 });
  return { token, params: { answerId } };
}

/** A run that has not ended. */
async function prepareRun({ app }: World): Promise<CallOptions> {
  const owner = await app.person();
  const runId = await startRun(app, owner, (await createTeam(app, owner)).teamId);
  return { token: owner.token, params: { runId } };
}

/** A session of an MCP client. */
async function prepareMcpSession({ app }: World): Promise<CallOptions> {
  const { token } = await app.person();
  const { headers } = await app.send('POST', '/mcp', {
    token,
    ...(await prepareMcp()),
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'contract', version: '1' },
      },
    },
  });
  return { token, headers: { 'mcp-session-id': headers.get('mcp-session-id')! } };
}

/** A connection to a server that wants OAuth. */
async function prepareConsent({ app }: World) {
  const { token } = await app.person();
  const { body } = await app.send('POST', '/api/v1/mcp/connections', {
    token,
    body: { name: 'Protected', url: PROTECTED_SERVER, authorization: 'oauth' },
  });
  return { token, params: { mcpConnectionId: body.id as string } };
}

/** A person who has consented, and whose browser came back. */
async function prepareAnsweredConsent(world: World): Promise<CallOptions> {
  const { app } = world;
  const { token, params } = await prepareConsent(world);
  const path = `/api/v1/mcp/connections/${params.mcpConnectionId}/consent`;
  const { body } = await app.send('POST', path, { token });
  return { token, params, body: app.authorizationServer.consent(body.authorizationUrl) };
}

/** A person who has consented. */
async function prepareGivenConsent(world: World): Promise<CallOptions> {
  const { token, params, body } = await prepareAnsweredConsent(world);
  const path = `/api/v1/mcp/connections/${params!.mcpConnectionId}/consent/complete`;
  await world.app.send('POST', path, { token, body });
  return { token, params };
}

/** The upgrade of a socket with a ticket for it. */
async function prepareRecognitionSocket({ app }: World): Promise<CallOptions> {
  const { token } = await app.person();
  const { body } = await app.send('POST', '/api/v1/ai/recognitions', { token, body: {} });
  const headers = { upgrade: 'websocket', 'sec-websocket-protocol': body.protocols.join(', ') };
  return { token, params: { recognitionId: body.id }, headers };
}

export const aiPreparations = {
  beginMcpConsent: prepareConsent,
  completeMcpConsent: prepareAnsweredConsent,
  takeBackMcpConsent: prepareGivenConsent,
  openRecognitionSocket: prepareRecognitionSocket,
  endMcpSession: prepareMcpSession,
  compareModels: async () => ({ query: '?first=claude-haiku-4-5&second=claude-sonnet-5' }),
  mergeMemory: prepareMerge,
  unmergeMemory: prepareMerged,
  rateAnswer: prepareRating,
  getAnswerRating: prepareRating,
  deleteAnswerRating: prepareRating,
  createTeam: prepareTeam,
  stopTeamRun: prepareRun,
  inviteAgent: prepareInvitation,
  removeCallAgent: prepareInvited,
  assignAgent: prepareInvitation,
  unassignAgent: prepareAssigned,
  pollCallAgents: async () => ({ headers: asProcess }),
  answerInCall: prepareHeld,
  askAgentToLeave: prepareToLeave,
  reportAgentSpeech: prepareToReport,
  setGlossary: prepareGlossary,
  deleteGlossary: async (world: World) => {
    const { token, params } = await prepareGlossary(world);
    return { token, params: params! };
  },
  getAiBudget: prepareBudget,
  deleteAiBudget: prepareBudget,
  setAiProviderKey: prepareKey,
  deleteAiProviderKey: async (world: World) => {
    const { token, params } = await prepareKey(world);
    return { token, params: params! };
  },
  countAiTokens: async ({ app }: World) => ({ token: (await app.person(PAYING)).token }),
  setAiCustomProvider: async ({ app }: World) => ({
    token: (await app.person()).token,
    params: { customProviderName: 'lab' },
    body: customProviderBody(app),
  }),
  deleteAiCustomProvider: async ({ app }: World) => {
    const { token } = await app.person();
    return { token, params: { customProviderName: await createCustomProvider(app, token) } };
  },
  sendAgentMessage: prepareConversation,
  decideAgentCalls: prepareDecision,
  createGeneration: async ({ app }: World) => ({ token: (await app.person(PAYING)).token }),
  callMcpServer: prepareMcp,
  callMemoryMcpServer: prepareMcp,
  callThinkingMcpServer: prepareMcp,
  createBatch: async ({ app }: World) => ({ token: (await app.person(PAYING)).token }),
  cancelBatch: async ({ app }: World) => {
    const person = await app.person(PAYING);
    return { token: person.token, params: { batchId: await createBatch(app, person, 'running') } };
  },
  streamGenerationEvents: prepareAnswer,
  cancelGeneration: prepareRunning,
};
