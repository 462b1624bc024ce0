import { type McpSessions, SessionBook } from '../../src/intelligence/mcp-sessions/index.ts';
import { MemoryKeyValueStorage } from './memory-storage.ts';

/** The live objects that keep sessions of MCP clients, in memory. A question that is not answered stays open. */
export function createMemoryMcpSessions(nowMs: () => number): McpSessions {
  const books = new Map<string, SessionBook>();
  const of = (holder: string) => {
    const book =
      books.get(holder) ??
      new SessionBook({
        storage: new MemoryKeyValueStorage(),
        nowMs,
        startTimer: () => () => undefined,
        wakeAt: () => undefined,
      });
    books.set(holder, book);
    return book;
  };
  return {
    begin: async ({ holder, sessionHash }, client) => of(holder).begin(sessionHash, client),
    use: async ({ holder, sessionHash }) => of(holder).use(sessionHash),
    end: async ({ holder, sessionHash }) => of(holder).end(sessionHash),
    ask: async ({ holder, sessionHash, questionId }) => of(holder).ask(sessionHash, questionId),
    answerOf: ({ holder, sessionHash, questionId }) => of(holder).answerOf(sessionHash, questionId),
    answer: async ({ holder, sessionHash, questionId }, answer) =>
      of(holder).answer(sessionHash, questionId, answer),
  };
}
