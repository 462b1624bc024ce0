import type { Admission, LinkDetails, LobbyWait } from './api.ts';
import { CallState } from './call-state.ts';
import { CaptionView } from './caption-view.ts';
import { ChatView, showUnread } from './chat-view.ts';
import { closePanels, listenToControls, showControls } from './controls.ts';
import { type DeviceChoice, NO_DEVICES } from './devices.ts';
import { byId, runAsync, setText, showStep } from './dom.ts';
import type { RoomServerFrame } from './frames.ts';
import type { Media, MediaEnd } from './media.ts';
import { showPeople } from './people-view.ts';
import { RoomSocket } from './socket.ts';
import { Tiles } from './tiles.ts';

export type CallEnd = 'left' | 'removed' | 'ended' | 'replaced' | 'lost';

export interface CallHooks {
  handleEnd(end: CallEnd): void;
  /** A host moved the participant to another room. @param ticket opens that room @param choice the devices in use */
  handleMove(roomId: string, ticket: string, choice: DeviceChoice): void;
  /** Asks the API to join again. @throws ApiError */
  rejoin(): Promise<Admission | LobbyWait>;
}

/** Phones cannot share their screen. */
const canShareScreen = () => 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;

/** How long the socket's `participant.moved` may come after the media connection ended. */
const MOVE_GRACE_MS = 2_000;

/** The call step, from admission to end: media, chat, captions, raised hands and the list of people. */
export class Call {
  readonly #tiles = new Tiles();
  readonly #captionView = new CaptionView();
  readonly #chatView = new ChatView((text) => this.#sendMessage(text));
  #hooks: CallHooks | undefined;
  #media: Media | undefined;
  #socket: RoomSocket | undefined;
  #visit: LinkDetails | undefined;
  #state = new CallState('');
  #choice: DeviceChoice = NO_DEVICES;
  #unread = 0;
  #chatOpen = false;

  constructor() {
    listenToControls({
      microphone: () => this.#toggle('microphone'),
      camera: () => this.#toggle('camera'),
      screen: () => this.#toggle('screen'),
      hand: () => this.#socket?.send({ type: this.#state.isHandRaised ? 'hand.lower' : 'hand.raise' }),
      captions: () => {
        this.#captionView.toggle();
        this.#render();
      },
      leave: () => this.#end('left'),
      sound: () => runAsync(async () => this.#media?.startSound()),
      panel: (name, open) => {
        this.#chatOpen = name === 'chat' && open;
        if (!this.#chatOpen) return;
        showUnread((this.#unread = 0));
        this.#chatView.open();
      },
    });
  }

  async start(
    admission: Admission,
    choice: DeviceChoice,
    visit: LinkDetails,
    hooks: CallHooks,
  ): Promise<void> {
    this.#hooks = hooks;
    this.#visit = visit;
    this.#state = new CallState(admission.identity);
    this.#choice = choice;
    setText(byId('call-title', HTMLElement), visit.title ?? visit.room.name);
    const { Media: MediaOfCall } = await import('./media.ts');
    const media = new MediaOfCall({
      handleChange: () => this.#render(),
      handleSpeakers: (identities) => this.#tiles.markSpeaking(identities),
      showNote: (text) => this.#showNote(text),
      handleEnd: (end) => this.#handleMediaEnd(media, end),
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
    this.#render();
  }

  #connectSocket({ roomId, realtime }: Admission): void {
    const socket = new RoomSocket(realtime.url, realtime.ticket, {
      handleFrame: (frame) => this.#receiveFrame(frame),
      handleConnection: (open) => this.#showNote(open ? '' : 'Chat and captions are reconnecting…'),
      handleEnd: (ending) => this.#end(ending === 'decided' ? 'lost' : ending),
      handleRefusal: (code) => this.#handleRefusal(code),
      rejoin: async () => {
        const admission = await this.#hooks!.rejoin();
        // The participant has lost the seat in this call.
        const hasLostSeat = admission.status === 'waiting' || admission.roomId !== roomId;
        if (hasLostSeat && this.#socket === socket) this.#end('lost');
        return admission.realtime;
      },
    });
    this.#socket = socket;
  }

  /** Without the room's socket audio and video still work. */
  #handleRefusal(code: string): void {
    if (code === 'rooms.removed') this.#end('removed');
    else if (code === 'rooms.ended') this.#end('ended');
    else this.#showNote('Chat and captions are not available. Leave and join again to get them back.');
  }

  #receiveFrame(frame: RoomServerFrame): void {
    const state = this.#state;
    const before = state.chat;
    state.applyFrame(frame);
    if (frame.type === 'welcome' && frame.you.features.chat) this.#socket?.send({ type: 'chat.history' });
    if (frame.type === 'chat.message' && frame.identity !== state.self && !this.#chatOpen)
      showUnread(++this.#unread);
    if (frame.type === 'error' && frame.id !== null) this.#chatView.showError(frame.title);
    if (frame.type === 'media.muted') this.#showNote('A host muted you.');
    if (frame.type === 'notice') this.#showNote(frame.text);
    if (frame.type === 'participant.removed' && frame.identity === state.self) this.#end('removed');
    if (frame.type === 'room.ended') this.#end('ended');
    if (frame.type === 'participant.moved' && frame.ticket !== null)
      this.#handleMove(frame.toRoomId, frame.ticket);
    if (state.chat !== before) this.#chatView.show(state.chat, state.self);
    this.#captionView.show(state.captions, state.nameOf);
    this.#render();
  }

  #toggle(source: 'microphone' | 'camera' | 'screen'): void {
    runAsync(async () => this.#media?.toggle(source));
  }

  #sendMessage(text: string): boolean {
    return this.#socket?.send({ type: 'chat.send', text }) != null;
  }

  #showNote(text: string): void {
    setText(byId('call-note', HTMLElement), text);
  }

  /** Updates the page to the current state. */
  #render(): void {
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
      hand: state.isHandRaised,
      captions: this.#captionView.on,
      mayPublish,
      mayShare: mayPublish && features?.screenShare === true && canShareScreen(),
      audioOnly: this.#visit?.room.type === 'audio_room',
      offersCaptions: features?.captions === true,
      offersChat: features?.chat === true,
    });
  }

  /** A move also ends the old media connection as `removed`; the socket distinguishes a move from a removal. */
  #handleMediaEnd(media: Media, end: MediaEnd): void {
    if (end !== 'removed') return this.#end(end);
    setTimeout(() => {
      if (this.#media === media) this.#end(end);
    }, MOVE_GRACE_MS);
  }

  #handleMove(roomId: string, ticket: string): void {
    const media = this.#media;
    if (!media) return;
    this.#close(media);
    this.#hooks?.handleMove(roomId, ticket, this.#choice);
  }

  #end(end: CallEnd): void {
    const media = this.#media;
    if (!media) return;
    this.#close(media);
    this.#hooks?.handleEnd(end);
  }

  #close(media: Media): void {
    this.#media = undefined;
    this.#socket?.close();
    this.#tiles.clear();
    this.#chatView.clear();
    showUnread((this.#unread = 0));
    closePanels();
    this.#showNote('');
    runAsync(() => media.leave());
  }
}
