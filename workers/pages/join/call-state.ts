import { type Caption, reduceCaptions } from './captions/caption-log.ts';
import { type LiveCaptions, reduceLive } from './captions/offered-languages.ts';
import { type ChatLog, reduceChat } from './chat-log.ts';
import { type LobbyList, reduceLobby } from './panels/lobby-list.ts';
import { type PollLog, reducePolls } from './panels/poll-log.ts';
import {
  type ConsentList,
  describeRecordings,
  type RecordingList,
  reduceConsents,
  reduceRecordings,
} from './panels/recording-list.ts';
import { reduceFlags, type RoomFlags } from './panels/room-flags.ts';
import type { KnownPerson } from './panels/people.ts';
import type { FrameOf, RoomServerFrame } from './frames.ts';
import { type Roster, reduceRoster } from './roster.ts';

/** The state of the call, built from the socket's frames. */
export class CallState {
  readonly self: string;
  roster: Roster = new Map();
  chat: ChatLog = new Map();
  captions: readonly Caption[] = [];
  /** The captions of the call; null for none, undefined before it is known. */
  liveCaptions: LiveCaptions | null | undefined;
  polls: PollLog = new Map();
  lobby: LobbyList = new Map();
  /** People without a socket, as the API lists them. */
  known: readonly KnownPerson[] = [];
  recordings: RecordingList = new Map();
  consents: ConsentList = new Map();
  flags: RoomFlags = { locked: false, spotlight: null };
  you: FrameOf<'welcome'>['you'] | undefined;

  /** @param self identity of the page's participant */
  constructor(self: string) {
    this.self = self;
  }

  applyFrame(frame: RoomServerFrame): void {
    this.roster = reduceRoster(this.roster, frame);
    this.chat = reduceChat(this.chat, frame);
    this.captions = reduceCaptions(this.captions, frame);
    this.polls = reducePolls(this.polls, frame);
    this.lobby = reduceLobby(this.lobby, frame);
    this.recordings = reduceRecordings(this.recordings, frame);
    this.consents = reduceConsents(this.consents, frame);
    this.flags = reduceFlags(this.flags, frame);
    this.liveCaptions = reduceLive(this.liveCaptions, frame);
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

  /** Whether the page's participant may act on others. */
  get isModerator(): boolean {
    const role = this.roster.get(this.self)?.role ?? this.you?.role;
    return role === 'host' || role === 'moderator';
  }

  /** The recordings of the call, as the page shows them. */
  get recordingNote() {
    const nameOf = (identity: string) => this.roster.get(identity)?.name;
    return describeRecordings(this.recordings, this.consents, { self: this.self, nameOf });
  }

  nameOf = (identity: string): string => this.roster.get(identity)?.name ?? 'Unknown';
}
