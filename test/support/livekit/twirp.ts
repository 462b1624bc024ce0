import { z } from 'zod';
import type { SimulatedCluster } from './cluster.ts';

/** A refusal of the API. */
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
  /** Milliseconds that lists lag behind. */
  staleMs: number;
}

/** @throws TwirpError unless the token has the grant */
export function requireGrant(granted: boolean | undefined): void {
  if (!granted) throw new TwirpError('unauthenticated', 401, 'permissions denied');
}

/** Fields of a request; an absent one has its default. */
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

/** A method of the API: the shape of its request, and its handler. */
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
