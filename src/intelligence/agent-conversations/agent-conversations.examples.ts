import { exampleId } from '../../kernel/core/index.ts';
import type { AgentMessageView, ConversationView } from './agent-conversations.schemas.ts';

const AT = '2026-01-05T09:30:00.000Z';

export const conversationExample: ConversationView = {
  id: exampleId('agentConversation'),
  agentId: exampleId('agent'),
  owner: exampleId('user'),
  title: 'The weekly review',
  shared: false,
  inCall: false,
  messageCount: 2,
  createdAt: AT,
  updatedAt: AT,
};

export const questionExample: AgentMessageView = {
  id: exampleId('agentMessage'),
  kind: 'question',
  state: 'complete',
  failure: null,
  text: 'When is the weekly review?',
  sources: [],
  steps: [],
  agentVersion: null,
  generationId: null,
  createdAt: AT,
  endedAt: AT,
};

export const answerExample: AgentMessageView = {
  ...questionExample,
  kind: 'answer',
  text: 'On Monday at nine [1].',
  sources: [{ number: 1, memoryId: exampleId('memory'), cited: true }],
  agentVersion: 2,
  generationId: exampleId('generation'),
};
