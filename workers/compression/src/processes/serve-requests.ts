import { type Answer, READY } from './worker-process.ts';

/** An error that explains to the caller what is wrong with the request. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

type Handler = (message: never, report: (progress: unknown) => void) => Promise<unknown>;

const send = (answer: Answer) => process.send?.(answer);

/**
 * Answers the requests of the parent process. An unexpected error answers that request with its message; errors that
 * leave a promise end the process, and the parent starts another.
 */
export function serveRequests(handle: Handler): void {
  process.on('message', (message) => {
    const { id } = message as { id: number };
    handle(message as never, (progress) => send({ id, progress })).then(
      (value) => send({ id, value }),
      (error: unknown) => send({ id, refused: error instanceof Error ? error.message : String(error) }),
    );
  });
  send({ id: READY, value: undefined });
  process.on('disconnect', () => process.exit(0));
}
