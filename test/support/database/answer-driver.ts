import type { DatabaseBackend } from '../../../workers/local/database/backend.ts';
import { answerSql, type SqlRequest } from '../../../workers/local/database/endpoint.ts';

/** The request as the driver makes it, which no other code does. */
const isOfDriver = (init: RequestInit | undefined): init is RequestInit & { body: string } =>
  typeof init?.body === 'string' && 'Neon-Connection-String' in (init.headers ?? {});

const rejectWhenAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

/**
 * Answers what the driver asks of the endpoint inside this process, because HTTP costs more than most statements. Other
 * requests go their usual way. The endpoint itself is used by its own tests, by the tests in workerd and by the running
 * product.
 */
export function answerDriver(endpoint: string, backend: DatabaseBackend): void {
  const { fetch } = globalThis;
  const url = `${endpoint}/sql`;
  const answer = async ({ body, headers, signal }: RequestInit & { body: string }) => {
    // As HTTP does: other work gets its turn, and requests that are made at once overlap.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const sent = new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    const answered = answerSql(backend, JSON.parse(body) as SqlRequest, (name) => sent.get(name));
    const result = await (signal ? Promise.race([answered, rejectWhenAborted(signal)]) : answered);
    return {
      ok: result.status === 200,
      status: result.status,
      json: async () => result.body,
      text: async () => JSON.stringify(result.body),
    } as Response;
  };
  globalThis.fetch = (input, init) => (input === url && isOfDriver(init) ? answer(init) : fetch(input, init));
}
