import { z } from '@hono/zod-openapi';

/** How a request of the API is treated instead of being answered. */
export const faultSchema = z.union([
  z.strictObject({ status: z.int().min(400).max(599), path: z.string().optional() }),
  z.strictObject({ delayMs: z.int().min(0).max(60_000), path: z.string().optional() }),
  /** The connection ends before anything is done. */
  z.strictObject({ drop: z.literal(true), path: z.string().optional() }),
  /** Everything is done, and the answer is lost. */
  z.strictObject({ loseAnswer: z.literal(true), path: z.string().optional() }),
]);
export type Fault = z.output<typeof faultSchema>;

/** The header that asks for a fault of its own request: `{"status":503}`. */
export const FAULT_HEADER = 'stand-in-fault';

/** Faults of the next requests; one with a path waits for a request whose path begins so. */
export class Faults {
  #next: Fault[] = [];

  set(next: readonly Fault[]): void {
    this.#next = [...next];
  }

  /** The fault of a request: the one in its header, or the first that waits for it. */
  take(path: string, header: string | undefined): Fault | undefined {
    if (header !== undefined) return faultSchema.parse(JSON.parse(header));
    const index = this.#next.findIndex((fault) => path.startsWith(fault.path ?? ''));
    return index < 0 ? undefined : this.#next.splice(index, 1)[0];
  }
}
