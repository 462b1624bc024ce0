/** The description that a client gave of itself when its session began. */
export interface McpClientProfile {
  protocolVersion: string;
  /** As in the protocol. */
  capabilities: Record<string, unknown>;
  clientInfo: { name: string; version: string };
}

/** The sessions of one credential. */
export interface McpSessionRef {
  /** The credential that began it: an organization, and an API key or a session of a user. */
  holder: string;
  sessionHash: string;
}

/** A question to a client. */
export interface McpQuestionRef extends McpSessionRef {
  questionId: string;
}

/** The answer of a client, a message of the protocol; null when there is none. */
export type McpAnswer = Record<string, unknown> | null;

export interface McpSessions {
  begin(ref: McpSessionRef, client: McpClientProfile): Promise<void>;
  /** The client's description from the beginning of the session; null for no session. */
  use(ref: McpSessionRef): Promise<McpClientProfile | null>;
  /** @returns whether there was such a session */
  end(ref: McpSessionRef): Promise<boolean>;
  /** Opens a question. @returns false when the session is over, or has too many */
  ask(ref: McpQuestionRef): Promise<boolean>;
  /** The answer to a question that was opened. */
  answerOf(ref: McpQuestionRef): Promise<McpAnswer>;
  /** @returns whether the question was open */
  answer(ref: McpQuestionRef, answer: Record<string, unknown>): Promise<boolean>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    mcpSessions: McpSessions;
  }
}
