import type { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import type { SocketChannel } from './asyncapi-document.ts';
import { defineVerbFrame } from './client-frames.schemas.ts';
import type { RoomTicketClaims } from './protocol.ports.ts';

/** Who sends a frame, with the role they have at that moment. */
export type RoomCaller = Omit<RoomTicketClaims, 'features' | 'lobbyEntryId'>;

/** A frame that changes what lasts: a verb answers it, the same as over HTTP. */
export interface RoomVerb {
  /** `moderation.mute` */
  type: string;
  summary: string;
  /** The whole frame. */
  frame: z.ZodObject<z.ZodRawShape>;
  /**
   * The verb itself makes a frame that is sent again harmless, and no record of it is kept: that would name its sender
   * beside what they did, in one transaction with it.
   */
  leavesNoRecord: boolean;
  /** What becomes the `result` of its ack; undefined for nothing. */
  handle(ctx: Ctx, caller: RoomCaller, frame: never): Promise<unknown>;
}

declare module '../../kernel/modules/define-module.ts' {
  interface ModuleManifest {
    /** Frames of the room's socket that its verbs answer. */
    frames?: readonly RoomVerb[];
    /** Sockets of its own, for the AsyncAPI document. */
    channels?: readonly SocketChannel[];
  }
}

/** Declares a frame and the verb behind it; the types of its fields flow into the handler. */
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
