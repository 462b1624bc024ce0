/**
 * working: the last test succeeded. failing: it failed, and no tool is called until one succeeds. needs_authorization:
 * a person has to consent first.
 */
export const CONNECTION_STATUSES = ['working', 'failing', 'needs_authorization'] as const;

/** How a server gets its credential: in headers, or by a person's consent (OAuth). */
export const AUTHORIZATION_KINDS = ['headers', 'oauth'] as const;

/** Why a test of a connection failed, and the sentence that people read about it. */
export const CONNECTION_PROBLEM_TEXTS = {
  address_refused: 'The address must be a public https address whose host exists.',
  unreachable: 'The server did not answer in time, redirects, or sends too much.',
  credential_refused: 'The server does not take the headers as a credential.',
  authorization_missing: 'A person must consent to the use of the server first.',
  authorization_ended: 'The server no longer accepts the consent, or the person who gave it has left.',
  scope_missing: 'The server needs more access than the person has consented to.',
  unexpected_answer: 'The server does not answer like an MCP server with tools.',
} as const;
export type ConnectionProblem = keyof typeof CONNECTION_PROBLEM_TEXTS;
export const CONNECTION_PROBLEMS = Object.keys(CONNECTION_PROBLEM_TEXTS) as [
  ConnectionProblem,
  ...ConnectionProblem[],
];
