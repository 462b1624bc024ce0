export { conversationErrors } from './agent-conversations.errors.ts';
export { selectAgentMessages } from './agent-conversations.queries.ts';
export { insertCallConversation } from './call-conversations.queries.ts';
export type { Conversation } from './agent-conversations.tables.ts';
export { sendMessage, type SentMessage } from './send-message.ts';
