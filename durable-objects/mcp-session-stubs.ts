import type { McpAnswer, McpClientProfile, McpSessions } from '../src/intelligence/mcp-sessions/index.ts';
import { reach } from './reach.ts';

/** One object for each credential that MCP clients use. */
export function createMcpSessions(namespace: Env['MCP_SESSION_BOOK']): McpSessions {
  const call = <T>(answer: Promise<T>) => reach('the session', answer);
  const getStub = (holder: string) => namespace.getByName(holder);
  return {
    begin: ({ holder, sessionHash }, client) => call(getStub(holder).begin(sessionHash, client)),
    use: ({ holder, sessionHash }) => call<McpClientProfile | null>(getStub(holder).use(sessionHash)),
    end: ({ holder, sessionHash }) => call(getStub(holder).end(sessionHash)),
    ask: ({ holder, sessionHash, questionId }) => call(getStub(holder).ask(sessionHash, questionId)),
    answerOf: ({ holder, sessionHash, questionId }) =>
      call<McpAnswer>(getStub(holder).answerOf(sessionHash, questionId)),
    answer: ({ holder, sessionHash, questionId }, answer) =>
      call(getStub(holder).answer(sessionHash, questionId, answer)),
  };
}
