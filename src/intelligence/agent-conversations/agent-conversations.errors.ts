import { defineErrors } from '../../kernel/core/index.ts';

export const conversationErrors = defineErrors('agent_conversations', {
  notFound: { status: 404, title: 'The conversation was not found' },
  tooMany: { status: 409, title: 'The caller has reached the limit of conversations' },
  full: { status: 409, title: 'The conversation has reached its limit of messages' },
  messageNotFound: { status: 404, title: 'The message was not found' },
  notAwaiting: { status: 409, title: 'The answer does not wait for a decision' },
  answering: { status: 409, title: 'The agent is still answering in this conversation' },
});
