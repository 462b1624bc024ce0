import { env } from 'cloudflare:workers';
import { fileDatabase } from './database/of-file.ts';
import { randomSecrets } from './environment.ts';

/** The messages sent to a queue that delivers nothing: the test passes them to the consumer. */
export interface SentMessages {
  messages: { body: unknown; delaySeconds?: number }[];
}

/**
 * The Worker's environment in a workerd test: its real bindings, the run's database, secrets made for this run, and an
 * outbox queue that only records. Call the Worker's own handlers with it. Use one object for each file, because the
 * services of the isolate are cached by it.
 */
export function createWorkerEnv(overrides: Partial<Env> = {}): { env: Env; sent: SentMessages } {
  const sent: SentMessages = { messages: [] };
  const response = { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  const queue = {
    send: async (body: unknown) => (sent.messages.push({ body }), response),
    sendBatch: async (
      messages: Iterable<{ body: unknown }>,
      { delaySeconds }: QueueSendBatchOptions = {},
    ) => {
      for (const message of messages)
        sent.messages.push(delaySeconds === undefined ? message : { ...message, delaySeconds });
      return response;
    },
    metrics: async () => ({ backlogCount: 0, backlogBytes: 0 }),
  };
  const workerEnv = {
    ...env,
    OUTBOX: queue,
    NEON_LOCAL_ENDPOINT: fileDatabase().endpoint,
    DATABASE_URL: fileDatabase().connectionString,
    ...randomSecrets(),
    ...overrides,
  };
  return { env: workerEnv, sent };
}
