import type { Admission, Visit } from './api.ts';
import { type Caption, captionsAfter } from './caption-log.ts';
import { CaptionView } from './caption-view.ts';
import { type ChatLog, chatAfter } from './chat-log.ts';
import { ChatView, showUnread } from './chat-view.ts';
import { closePanels, listenToControls, showControls } from './controls.ts';
import type { Choice } from './devices.ts';
import { byId, run, setText, showStep } from './dom.ts';
import type { FrameOf, ServerFrame } from './frames.ts';
import type { Media } from './media.ts';
import { showPeople } from './people-view.ts';
import { type Roster, rosterAfter } from './roster.ts';
import { RoomSocket } from './socket.ts';
import { Tiles } from './tiles.ts';

export type CallEnd = 'left' | 'removed' | 'ended' | 'replaced' | 'lost';

export interface CallHooks {
  over(end: CallEnd): void;
  /** A ticket of the room that is surely good; null when there is no way back. */
  freshTicket(): Promise<string | null>;
}

/** The call, from the admission to the end: sound and picture, and beside them chat, captions, hands and people. */
export class Call {
  readonly #tiles = new Tiles();
  readonly #captionView = new CaptionView();
  readonly #chatView = new ChatView((text) => this.#say(text));
  #hooks: CallHooks | undefined;
  #media: Media | undefined;
  #socket: RoomSocket | undefined;
  #visit: Visit | undefined;
  #you: FrameOf<'welcome'>['you'] | undefined;
  #roster: Roster = new Map();
  #chat: ChatLog = new Map();
  #captions: readonly Caption[] = [];
  #unread = 0;
  #chatOpen = false;
  #self = '';

  constructor() {
    listenToControls({
      microphone: () => this.#toggle('microphone'),
      camera: () => this.#toggle('camera'),
      screen: () => this.#toggle('screen'),
      hand: () => this.#socket?.send({ type: this.#handIsUp ? 'hand.lower' : 'hand.raise' }),
      captions: () => {
        this.#captionView.toggle();
        this.#show();
      },
      leave: () => this.#end('left'),
      sound: () => run(async () => this.#media?.startSound()),
      panel: (name, open) => {
        this.#chatOpen = name === 'chat' && open;
        if (!this.#chatOpen) return;
        showUnread((this.#unread = 0));
        this.#chatView.open();
      },
    });
  }

  async start(admission: Admission, choice: Choice, visit: Visit, hooks: CallHooks): Promise<void> {
    this.#hooks = hooks;
    this.#visit = visit;
    this.#self = admission.identity;
    this.#roster = new Map();
    this.#chat = new Map();
    this.#captions = [];
    setText(byId('call-title', HTMLElement), visit.title ?? visit.room.name);
    const { Media: MediaOfCall } = await import('./media.ts');
    const media = new MediaOfCall({
      changed: () => this.#show(),
      speaking: (identities) => this.#tiles.speaking(identities),
      note: (text) => this.#note(text),
      over: (end) => this.#end(end),
    });
    this.#media = media;
    this.#connectSocket(admission);
    try {
      await media.connect(admission, choice);
    } catch {
      return this.#end('lost');
    }
    if (this.#media !== media) return;
    showStep('call');
    this.#show();
  }

  #connectSocket({ realtime }: Admission): void {
    this.#socket = new RoomSocket(realtime.url, realtime.ticket, {
      frame: (frame) => this.#hear(frame),
      connected: (open) => this.#note(open ? '' : 'Chat and captions are reconnecting…'),
      over: (ending) => this.#end(ending === 'decided' ? 'lost' : ending),
      freshTicket: () => this.#hooks!.freshTicket(),
    });
  }

  #hear(frame: ServerFrame): void {
    this.#roster = rosterAfter(this.#roster, frame);
    this.#captions = captionsAfter(this.#captions, frame);
    const before = this.#chat;
    this.#chat = chatAfter(before, frame);
    if (frame.type === 'welcome' || frame.type === 'resumed' || frame.type === 'you') this.#you = frame.you;
    if (frame.type === 'welcome' && frame.you.features.chat) this.#socket?.send({ type: 'chat.history' });
    if (frame.type === 'chat.message' && frame.identity !== this.#self && !this.#chatOpen)
      showUnread(++this.#unread);
    if (frame.type === 'error' && frame.id !== null) this.#chatView.refused(frame.title);
    if (frame.type === 'media.muted') this.#note('A host has muted you.');
    if (frame.type === 'notice') this.#note(frame.text);
    if (frame.type === 'participant.removed' && frame.identity === this.#self) this.#end('removed');
    if (frame.type === 'room.ended') this.#end('ended');
    if (this.#chat !== before) this.#chatView.show(this.#chat, this.#self);
    this.#captionView.show(this.#captions, (identity) => this.#nameOf(identity));
    this.#show();
  }

  #nameOf(identity: string): string {
    return this.#roster.get(identity)?.name ?? 'Somebody';
  }

  get #handIsUp(): boolean {
    return this.#roster.get(this.#self)?.handRaisedAt != null;
  }

  #toggle(source: 'microphone' | 'camera' | 'screen'): void {
    run(async () => this.#media?.toggle(source));
  }

  #say(text: string): boolean {
    return this.#socket?.send({ type: 'chat.send', text }) != null;
  }

  #note(text: string): void {
    setText(byId('call-note', HTMLElement), text);
  }

  /** Makes the page show what is so now. */
  #show(): void {
    const media = this.#media;
    if (!media) return;
    const { localParticipant: self } = media.room;
    const hands = [...this.#roster.values()].filter(({ handRaisedAt }) => handRaisedAt !== null);
    this.#tiles.sync(media.room, new Set(hands.map(({ identity }) => identity)));
    showPeople(this.#roster, this.#self);
    const features = this.#you?.features ?? this.#visit?.features;
    const { mayPublish } = media;
    showControls({
      microphone: self.isMicrophoneEnabled,
      camera: self.isCameraEnabled,
      screen: self.isScreenShareEnabled,
      hand: this.#handIsUp,
      captions: this.#captionView.on,
      mayPublish,
      mayShare: mayPublish && features?.screenShare === true && 'getDisplayMedia' in navigator.mediaDevices,
      audioOnly: this.#visit?.room.type === 'audio_room',
      offersCaptions: features?.captions === true,
      offersChat: features?.chat === true,
    });
  }

  #end(end: CallEnd): void {
    const media = this.#media;
    if (!media) return;
    this.#media = undefined;
    this.#socket?.close();
    this.#tiles.clear();
    this.#chatView.clear();
    showUnread((this.#unread = 0));
    closePanels();
    this.#note('');
    run(() => media.leave());
    this.#hooks?.over(end);
  }
}
