import {
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
  type Server,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/server';
import type { Ctx } from '../../kernel/context/index.ts';
import { base64Url } from '../../kernel/core/index.ts';
import { type HeldSession, introductionOf } from './hold-sessions.ts';

const QUESTION_ID_BYTES = 16;
const NO_ANSWER = { code: -32_001, message: 'The client gave no answer.' };

/**
 * The connection between a server and its client within a session. Questions of the server are sent with the answer to
 * the present request; the client's answers come with another request, through the session.
 */
export class SessionTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #ctx: Ctx;
  readonly #session: HeldSession;
  readonly #inner: Transport;
  #introduced: (() => void) | undefined;
  /** The request that is being answered. */
  #served: RequestId | undefined;

  constructor(ctx: Ctx, session: HeldSession, inner: Transport) {
    this.#ctx = ctx;
    this.#session = session;
    this.#inner = inner;
  }

  async start(): Promise<void> {
    // A transport has one listener of each kind; no more can be added.
    Object.assign(this.#inner, {
      onmessage: (...[message, extra]: Parameters<NonNullable<Transport['onmessage']>>) => {
        if (isJSONRPCRequest(message)) this.#served ??= message.id;
        this.onmessage?.(message, extra);
      },
      onclose: () => this.onclose?.(),
      onerror: (error: Error) => this.onerror?.(error),
    });
    await this.#inner.start();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (isJSONRPCRequest(message)) return this.#ask(message, options);
    if (this.#introduced && isJSONRPCResponse(message)) return this.#introduced();
    return this.#inner.send(message, options);
  }

  /** Gives the server the client's description of itself. */
  async introduce(server: Server): Promise<void> {
    await server.connect(this);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#introduced = resolve;
    this.onmessage?.(introductionOf('introduction', this.#session.client));
    await promise;
    this.#introduced = undefined;
  }

  async #ask(question: JSONRPCRequest, options?: TransportSendOptions): Promise<void> {
    const { mcpSessions } = this.#ctx.ports;
    const questionId = base64Url(this.#ctx.ids.random(QUESTION_ID_BYTES));
    const ref = { ...this.#session.ref, questionId };
    if (!(await mcpSessions.ask(ref))) throw new Error('the session takes no question');
    const relatedRequestId = options?.relatedRequestId ?? this.#served;
    await this.#inner.send(
      { ...question, id: questionId },
      { ...options, ...(relatedRequestId === undefined ? {} : { relatedRequestId }) },
    );
    mcpSessions.answerOf(ref).then(
      (answer) => this.#deliver(question, answer ?? { jsonrpc: '2.0', error: NO_ANSWER }),
      (error: unknown) => {
        this.onerror?.(error as Error);
        this.#deliver(question, { jsonrpc: '2.0', error: NO_ANSWER });
      },
    );
  }

  #deliver({ id }: JSONRPCRequest, answer: Record<string, unknown>): void {
    this.onmessage?.({ ...answer, id } as JSONRPCMessage);
  }
}
