import type { AgentMessageView, ConversationView } from './agent-conversations.schemas.ts';
import type { Conversation, Message } from './agent-conversations.tables.ts';

export const presentConversation = (row: Conversation): ConversationView => ({
  id: row.id,
  agentId: row.agentId,
  owner: row.owner,
  title: row.title,
  shared: row.shared,
  inCall: row.inCall,
  messageCount: row.messageCount,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** Characters of a result that are shown. */
const SHOWN = 2_000;

const cites = ({ text }: Message, number: number): boolean => text.includes(`[${number}]`);

export const presentMessage = (row: Message): AgentMessageView => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  failure: row.failure,
  text: row.text,
  sources: row.sources.map(({ memoryId }, index) => ({
    number: index + 1,
    memoryId,
    cited: cites(row, index + 1),
  })),
  steps: row.rounds
    .flatMap(({ steps }) => steps)
    .map(({ number, tool, connectionId, input, state, result }) => ({
      number,
      tool,
      connectionId,
      input,
      state,
      result: result === null ? null : result.slice(0, SHOWN).toWellFormed(),
      cited: cites(row, number),
    })),
  agentVersion: row.agentVersion,
  generationId: row.generationId,
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});
