import { z } from '@hono/zod-openapi';

/** Which requests a fault waits for: absent for all. */
const only = { path: z.string().optional(), method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']).optional() };

/** How a request of the API is treated instead of being answered. */
export const faultSchema = z.union([
  z.strictObject({ status: z.int().min(400).max(599), ...only }),
  z.strictObject({ delayMs: z.int().min(0).max(60_000), ...only }),
  /** The connection ends before anything is done. */
  z.strictObject({ drop: z.literal(true), ...only }),
  /** Everything is done, and the answer is lost. */
  z.strictObject({ loseAnswer: z.literal(true), ...only }),
]);
export type Fault = z.output<typeof faultSchema>;

/** The header that asks for a fault of its own request: `{"status":503}`. */
export const FAULT_HEADER = 'stand-in-fault';

/** Faults of the next requests; one with a path or a method waits for a request whose path begins so, or of that method. */
export class Faults {
  #next: Fault[] = [];

  set(next: readonly Fault[]): void {
    this.#next = [...next];
  }

  /** The fault of a request: the one in its header, or the first that waits for it. */
  take(
    { method, path }: { method: string | undefined; path: string },
    header: string | undefined,
  ): Fault | undefined {
    if (header !== undefined) return faultSchema.parse(JSON.parse(header));
    const index = this.#next.findIndex(
      (fault) => path.startsWith(fault.path ?? '') && (fault.method ?? method) === method,
    );
    return index < 0 ? undefined : this.#next.splice(index, 1)[0];
  }
}
