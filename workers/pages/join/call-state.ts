import { type Caption, reduceCaptions } from './caption-log.ts';
import { type ChatLog, reduceChat } from './chat-log.ts';
import type { FrameOf, RoomServerFrame } from './frames.ts';
import { type Roster, reduceRoster } from './roster.ts';

/** The state of the call, built from the socket's frames. */
export class CallState {
  readonly self: string;
  roster: Roster = new Map();
  chat: ChatLog = new Map();
  captions: readonly Caption[] = [];
  you: FrameOf<'welcome'>['you'] | undefined;

  /** @param self identity of the page's participant */
  constructor(self: string) {
    this.self = self;
  }

  applyFrame(frame: RoomServerFrame): void {
    this.roster = reduceRoster(this.roster, frame);
    this.chat = reduceChat(this.chat, frame);
    this.captions = reduceCaptions(this.captions, frame);
    if (frame.type === 'welcome' || frame.type === 'resumed' || frame.type === 'you') this.you = frame.you;
  }

  /** Identities of participants with a raised hand. */
  get hands(): ReadonlySet<string> {
    const raised = [...this.roster.values()].filter(({ handRaisedAt }) => handRaisedAt !== null);
    return new Set(raised.map(({ identity }) => identity));
  }

  get isHandRaised(): boolean {
    return this.hands.has(this.self);
  }

  nameOf = (identity: string): string => this.roster.get(identity)?.name ?? 'Unknown';
}
