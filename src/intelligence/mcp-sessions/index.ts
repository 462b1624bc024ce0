export type {
  McpAnswer,
  McpClientProfile,
  McpQuestionRef,
  McpSessionRef,
  McpSessions,
} from './mcp-sessions.ports.ts';
export { SessionBook } from './session-book.ts';
