import type { Admission, Visit, Waiting } from './api.ts';
import { CallState } from './call-state.ts';
import { CaptionView } from './caption-view.ts';
import { ChatView, showUnread } from './chat-view.ts';
import { closePanels, listenToControls, showControls } from './controls.ts';
import { type Choice, NOTHING } from './devices.ts';
import { byId, run, setText, showStep } from './dom.ts';
import type { ServerFrame } from './frames.ts';
import type { Media, MediaEnd } from './media.ts';
import { showPeople } from './people-view.ts';
import { RoomSocket } from './socket.ts';
import { Tiles } from './tiles.ts';

export type CallEnd = 'left' | 'removed' | 'ended' | 'replaced' | 'lost';

export interface CallHooks {
  over(end: CallEnd): void;
  /** Was sent to another room, for which the ticket is; brings along what was published. */
  moved(roomId: string, ticket: string, choice: Choice): void;
  /** Asks for the place anew. @throws Refusal */
  comeBack(): Promise<Admission | Waiting>;
}

/** Phones cannot. */
const canShare = () => 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;

/** How long the socket has to say that somebody was moved. */
const MOVE_GRACE_MS = 2_000;

/** The call, from the admission to the end: sound and picture, and beside them chat, captions, hands and people. */
export class Call {
  readonly #tiles = new Tiles();
  readonly #captionView = new CaptionView();
  readonly #chatView = new ChatView((text) => this.#say(text));
  #hooks: CallHooks | undefined;
  #media: Media | undefined;
  #socket: RoomSocket | undefined;
  #visit: Visit | undefined;
  #state = new CallState('');
  #choice: Choice = NOTHING;
  #unread = 0;
  #chatOpen = false;

  constructor() {
    listenToControls({
      microphone: () => this.#toggle('microphone'),
      camera: () => this.#toggle('camera'),
      screen: () => this.#toggle('screen'),
      hand: () => this.#socket?.send({ type: this.#state.handIsUp ? 'hand.lower' : 'hand.raise' }),
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
    this.#state = new CallState(admission.identity);
    this.#choice = choice;
    setText(byId('call-title', HTMLElement), visit.title ?? visit.room.name);
    const { Media: MediaOfCall } = await import('./media.ts');
    const media = new MediaOfCall({
      changed: () => this.#show(),
      speaking: (identities) => this.#tiles.speaking(identities),
      note: (text) => this.#note(text),
      over: (end) => this.#lost(media, end),
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

  #connectSocket({ roomId, realtime }: Admission): void {
    const socket = new RoomSocket(realtime.url, realtime.ticket, {
      frame: (frame) => this.#hear(frame),
      connected: (open) => this.#note(open ? '' : 'Chat and captions are reconnecting…'),
      over: (ending) => this.#end(ending === 'decided' ? 'lost' : ending),
      refused: (code) => this.#refused(code),
      comeBack: async () => {
        const place = await this.#hooks!.comeBack();
        // The place that they had in this call is no more.
        const gone = place.status === 'waiting' || place.roomId !== roomId;
        if (gone && this.#socket === socket) this.#end('lost');
        return place.realtime;
      },
    });
    this.#socket = socket;
  }

  /** Sound and picture may last without the room's socket. */
  #refused(code: string): void {
    if (code === 'rooms.removed') this.#end('removed');
    else if (code === 'rooms.ended') this.#end('ended');
    else this.#note('Chat and captions are gone. Leave and join again to get them back.');
  }

  #hear(frame: ServerFrame): void {
    const state = this.#state;
    const before = state.chat;
    state.hear(frame);
    if (frame.type === 'welcome' && frame.you.features.chat) this.#socket?.send({ type: 'chat.history' });
    if (frame.type === 'chat.message' && frame.identity !== state.self && !this.#chatOpen)
      showUnread(++this.#unread);
    if (frame.type === 'error' && frame.id !== null) this.#chatView.refused(frame.title);
    if (frame.type === 'media.muted') this.#note('A host has muted you.');
    if (frame.type === 'notice') this.#note(frame.text);
    if (frame.type === 'participant.removed' && frame.identity === state.self) this.#end('removed');
    if (frame.type === 'room.ended') this.#end('ended');
    if (frame.type === 'participant.moved' && frame.ticket !== null)
      this.#moved(frame.toRoomId, frame.ticket);
    if (state.chat !== before) this.#chatView.show(state.chat, state.self);
    this.#captionView.show(state.captions, state.nameOf);
    this.#show();
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
    if (media.connected) this.#choice = media.choice;
    const { localParticipant: self } = media.room;
    const state = this.#state;
    this.#tiles.sync(media.room, state.hands);
    showPeople(state.roster, state.self);
    const features = state.you?.features ?? this.#visit?.features;
    const { mayPublish } = media;
    showControls({
      microphone: self.isMicrophoneEnabled,
      camera: self.isCameraEnabled,
      screen: self.isScreenShareEnabled,
      hand: state.handIsUp,
      captions: this.#captionView.on,
      mayPublish,
      mayShare: mayPublish && features?.screenShare === true && canShare(),
      audioOnly: this.#visit?.room.type === 'audio_room',
      offersCaptions: features?.captions === true,
      offersChat: features?.chat === true,
    });
  }

  /** Who is moved is taken off the old media as well: the socket says which of both it was. */
  #lost(media: Media, end: MediaEnd): void {
    if (end !== 'removed') return this.#end(end);
    setTimeout(() => {
      if (this.#media === media) this.#end(end);
    }, MOVE_GRACE_MS);
  }

  #moved(roomId: string, ticket: string): void {
    const media = this.#media;
    if (!media) return;
    this.#close(media);
    this.#hooks?.moved(roomId, ticket, this.#choice);
  }

  #end(end: CallEnd): void {
    const media = this.#media;
    if (!media) return;
    this.#close(media);
    this.#hooks?.over(end);
  }

  #close(media: Media): void {
    this.#media = undefined;
    this.#socket?.close();
    this.#tiles.clear();
    this.#chatView.clear();
    showUnread((this.#unread = 0));
    closePanels();
    this.#note('');
    run(() => media.leave());
  }
}
