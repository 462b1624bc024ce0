import type { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { defineVerbFrame } from './client-frames.schemas.ts';
import type { RoomTicketClaims } from './protocol.ports.ts';

/** The sender of a frame, with the role they have at that moment. */
export type RoomCaller = Omit<RoomTicketClaims, 'features' | 'lobbyEntryId'>;

/** A frame that a verb handles, the same verb as over HTTP. */
export interface RoomVerb {
  /** `moderation.mute` */
  type: string;
  summary: string;
  /** The whole frame. */
  frame: z.ZodObject<z.ZodRawShape>;
  /**
   * Repeating the frame is harmless by the verb's own rules, so no idempotency record is stored: a record would name the
   * sender next to what they did.
   */
  leavesNoRecord: boolean;
  /** @returns what becomes the `result` of the ack; undefined for nothing */
  handle(ctx: Ctx, caller: RoomCaller, frame: never): Promise<unknown>;
}

/** Declares a frame and the verb that handles it; the handler gets the parsed fields without `type` and `id`. */
export function defineRoomVerb<S extends z.ZodRawShape>(verb: {
  type: string;
  summary: string;
  fields: S;
  leavesNoRecord?: boolean;
  handle(ctx: Ctx, caller: RoomCaller, fields: z.output<z.ZodObject<S>>): Promise<unknown>;
}): RoomVerb {
  const { type, summary, fields, leavesNoRecord = false, handle } = verb;
  return { type, summary, frame: defineVerbFrame(type, fields) as never, leavesNoRecord, handle };
}
