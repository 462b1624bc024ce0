import { type Caption, captionsAfter } from './caption-log.ts';
import { type ChatLog, chatAfter } from './chat-log.ts';
import type { FrameOf, ServerFrame } from './frames.ts';
import { type Roster, rosterAfter } from './roster.ts';

/** What the socket has told of the call so far. */
export class CallState {
  readonly self: string;
  roster: Roster = new Map();
  chat: ChatLog = new Map();
  captions: readonly Caption[] = [];
  you: FrameOf<'welcome'>['you'] | undefined;

  /** @param self the identity of whoever looks at the page */
  constructor(self: string) {
    this.self = self;
  }

  hear(frame: ServerFrame): void {
    this.roster = rosterAfter(this.roster, frame);
    this.chat = chatAfter(this.chat, frame);
    this.captions = captionsAfter(this.captions, frame);
    if (frame.type === 'welcome' || frame.type === 'resumed' || frame.type === 'you') this.you = frame.you;
  }

  /** Identities of those who raised a hand. */
  get hands(): ReadonlySet<string> {
    const raised = [...this.roster.values()].filter(({ handRaisedAt }) => handRaisedAt !== null);
    return new Set(raised.map(({ identity }) => identity));
  }

  get handIsUp(): boolean {
    return this.hands.has(this.self);
  }

  nameOf = (identity: string): string => this.roster.get(identity)?.name ?? 'Somebody';
}
