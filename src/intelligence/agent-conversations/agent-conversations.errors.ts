import { defineErrors } from '../../kernel/core/index.ts';

export const conversationErrors = defineErrors('agent_conversations', {
  notFound: { status: 404, title: 'The conversation was not found' },
  tooMany: { status: 409, title: 'The caller has as many conversations as they can' },
  full: { status: 409, title: 'The conversation has as many messages as it can' },
  messageNotFound: { status: 404, title: 'The message was not found' },
  notAwaiting: { status: 409, title: 'The answer awaits no decision' },
  answering: { status: 409, title: 'The agent is still answering in this conversation' },
});
