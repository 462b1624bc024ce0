import { z } from 'zod';
import type { SimulatedCluster } from './cluster.ts';

/** How the API refuses. */
export class TwirpError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export interface VideoGrants {
  roomCreate?: boolean;
  roomList?: boolean;
  roomAdmin?: boolean;
  room?: string;
  destinationRoom?: string;
}

export interface TwirpCall {
  cluster: SimulatedCluster;
  grants: VideoGrants;
  /** How far the lists lag behind. */
  staleMs: number;
}

/** @throws TwirpError unless it is granted */
export function requireGrant(granted: boolean | undefined): void {
  if (!granted) throw new TwirpError('unauthenticated', 401, 'permissions denied');
}

/** Fields of a request: what is absent is at its default. */
export const textField = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
export const textsField = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
export const countField = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

/** A method of the API: what its request holds, and what it does. */
export function defineMethod<T extends z.ZodType>(
  request: T,
  work: (call: TwirpCall, input: z.infer<T>) => unknown,
) {
  return (call: TwirpCall, body: unknown): unknown => {
    const parsed = request.safeParse(body);
    if (!parsed.success) throw new TwirpError('malformed', 400, 'the json request could not be decoded');
    return work(call, parsed.data);
  };
}
