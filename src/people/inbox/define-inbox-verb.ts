import type { Ctx } from '../../kernel/context/index.ts';
import type { Permission } from '../../kernel/core/index.ts';
import type { InboxClientFrame, InboxServerFrame } from './inbox-frames.schemas.ts';

/** The frames that other modules handle. */
export type InboxVerbFrame = Exclude<InboxClientFrame, { type: 'hello' | 'ping' | 'ack' }>;
type FrameOf<T extends InboxVerbFrame['type']> = Extract<InboxVerbFrame, { type: T }>;

/** A frame of the inbox socket that a verb handles, the same verb as over HTTP. */
export interface InboxVerb {
  type: InboxVerbFrame['type'];
  /** The permission that the person needs; null for a frame about themselves. */
  permission: Permission | null;
  /**
   * @param connectionId the connection that the frame came from
   * @returns a frame to send before the ack; undefined for none
   */
  handle(ctx: Ctx, frame: never, connectionId: string): Promise<InboxServerFrame | undefined>;
}

declare module '../../kernel/modules/define-module.ts' {
  interface ModuleManifest {
    /** Frames of the inbox socket that its verbs handle. */
    inboxFrames?: readonly InboxVerb[];
  }
}

/** Declares the handler of one type of frame. */
export const defineInboxVerb = <const T extends InboxVerbFrame['type']>(verb: {
  type: T;
  permission: Permission | null;
  handle(ctx: Ctx, frame: FrameOf<T>, connectionId: string): Promise<InboxServerFrame | undefined>;
}): InboxVerb => verb;
