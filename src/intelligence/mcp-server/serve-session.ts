import {
  isInitializeRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  readRequestBody,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Ctx } from '../../kernel/context/index.ts';
import { beginSession, findSession, type HeldSession, SESSION_HEADER } from './hold-sessions.ts';
import { onBodyEnd } from './on-body-end.ts';
import { SessionTransport } from './session-transport.ts';

/** How messages are answered. */
export interface Serving {
  ctx: Ctx;
  maxBytes: number;
  build(): Server;
  /** Answers a message outside of a session. */
  serveAlone(request: Request): Promise<Response>;
  onerror(error: Error): void;
}

const refuse = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });

/** The messages of a request; undefined for a request that the library has to refuse. */
async function readMessages(request: Request, maxBytes: number): Promise<unknown[] | undefined> {
  const read = await readRequestBody(request.clone(), maxBytes);
  if (read.tooLarge) return undefined;
  try {
    return [JSON.parse(read.text) as unknown].flat();
  } catch {
    return undefined;
  }
}

/** Passes on the client's answers to questions, wherever their askers are. */
async function takeAnswers(
  { ctx }: Serving,
  { ref }: HeldSession,
  answers: readonly JSONRPCMessage[],
): Promise<Response> {
  const taken = await Promise.all(
    answers.map((answer) =>
      ctx.ports.mcpSessions.answer(
        { ...ref, questionId: String((answer as { id?: unknown }).id) },
        { ...answer },
      ),
    ),
  );
  return taken.every(Boolean) ? new Response(null, { status: 202 }) : refuse(400, -32_600, 'Not asked');
}

async function serveInSession(serving: Serving, session: HeldSession, request: Request): Promise<Response> {
  const messages = (await readMessages(request, serving.maxBytes)) ?? [];
  if (messages.some((message) => isInitializeRequest(message)))
    return refuse(400, -32_600, 'The session has begun');
  const answers = messages.filter((message) => isJSONRPCResponse(message));
  if (answers.length > 0 && answers.length === messages.length) return takeAnswers(serving, session, answers);
  const inner = new WebStandardStreamableHTTPServerTransport({ maxRequestBodySize: serving.maxBytes });
  const transport = new SessionTransport(serving.ctx, session, inner);
  const server = serving.build();
  Object.assign(server, { onerror: serving.onerror });
  await transport.introduce(server);
  return onBodyEnd(await inner.handleRequest(request), () => void server.close());
}

/**
 * Answers a message of the version 2025-11-25, in the session that it names, or alone. A client that introduces itself
 * gets a session.
 */
export async function serveWithSession(serving: Serving, request: Request): Promise<Response> {
  const { ctx, maxBytes } = serving;
  const sessionId = request.headers.get(SESSION_HEADER);
  if (sessionId !== null) {
    const session = await findSession(ctx, sessionId);
    return session ? serveInSession(serving, session, request) : refuse(404, -32_001, 'Session not found');
  }
  const messages = await readMessages(request, maxBytes);
  const response = await serving.serveAlone(request);
  const [message] = messages ?? [];
  if (!response.ok || !isInitializeRequest(message)) return response;
  const begun = await beginSession(ctx, message);
  if (begun !== undefined) response.headers.set(SESSION_HEADER, begun);
  return response;
}
