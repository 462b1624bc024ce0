import { systemScope } from '../../src/kernel/context/index.ts';
import { callAgents } from '../../src/intelligence/call-agents/call-agents.tables.ts';
import { createAgent, createConversation } from './agents.ts';
import type { Person, TestApp } from './app.ts';
import { createCalls } from './calls.ts';

/** What processes of agents identify themselves with in tests. */
export const AGENTS_SECRET = crypto.randomUUID().repeat(2);
export const asProcess = { authorization: `Bearer ${AGENTS_SECRET}` };

type CallAgentRow = typeof callAgents.$inferInsert;

/** Inserts an agent into a call of its own that is active, or into the one of `row`; requested unless it says otherwise. */
export async function insertCallAgent(
  app: TestApp,
  owner: Person,
  row: Pick<CallAgentRow, 'roomId'> & Partial<CallAgentRow>,
): Promise<string> {
  const { ids, clock, database, ports } = app.services;
  const id = ids.create('callAgent');
  const { organizationId, userId } = owner;
  const { roomId } = row;
  const [call] = row.callId
    ? []
    : await createCalls(app, [{ organizationId, roomId, participants: [{ identity: id, kind: 'agent' }] }]);
  const agentId = await createAgent(app, owner);
  const now = new Date(clock.now());
  const defaults = {
    id,
    organizationId,
    callId: call?.callId ?? '',
    cluster: ports.clusters.names[0]!,
    participantId: call?.participantIds[0] ?? '',
    agentId,
    conversationId: await createConversation(app, owner, agentId),
    userId,
    name: 'Help (AI agent)',
    state: 'requested',
    createdAt: now,
    updatedAt: now,
  } satisfies Omit<CallAgentRow, 'roomId'>;
  await database.commit(systemScope, (q) => [q.insert(callAgents).values({ ...defaults, ...row })]);
  return id;
}
