import type { Admission, LinkDetails, LobbyWait } from './api.ts';
import { CallRequests } from './call-requests.ts';
import { CallState } from './call-state.ts';
import { CallView } from './call-view.ts';
import { type DeviceChoice, NO_DEVICES } from './devices.ts';
import { byId, runAsync, setText, showStep } from './dom.ts';
import type { RoomServerFrame } from './frames.ts';
import type { Media, MediaEnd } from './media.ts';
import { RoomSocket } from './socket.ts';

export type CallEnd = 'left' | 'removed' | 'ended' | 'replaced' | 'lost';

export interface CallHooks {
  handleEnd(end: CallEnd): void;
  /** A host moved the participant to another room. @param ticket opens that room @param choice the devices in use */
  handleMove(roomId: string, ticket: string, choice: DeviceChoice): void;
  /** Asks the API to join again. @throws ApiError */
  rejoin(): Promise<Admission | LobbyWait>;
  /** @returns the participant's credential for the API */
  guestTicket(): string;
}

/** How long the socket's `participant.moved` may come after the media connection ended. */
const MOVE_GRACE_MS = 2_000;

/** The call step, from admission to end: connects media and the room's socket, and shows what they bring. */
export class Call {
  readonly #view: CallView;
  readonly #requests = new CallRequests({
    state: () => this.#state,
    roomId: () => this.#roomId,
    guestTicket: () => this.#hooks?.guestTicket(),
    showNote: (text) => this.#view.note.show(text),
    hideNote: (text) => this.#view.note.hide(text),
    handleChange: () => this.#render(),
  });
  #hooks: CallHooks | undefined;
  #media: Media | undefined;
  #socket: RoomSocket | undefined;
  #visit: LinkDetails | undefined;
  #roomId = '';
  #state = new CallState('');
  #choice: DeviceChoice = NO_DEVICES;

  constructor() {
    this.#view = new CallView(
      {
        send: (frame) => this.#socket?.send(frame) ?? null,
        request: (name) => runAsync(() => this.#requests[name]()),
        saveFile: (file) => runAsync(() => this.#requests.saveFile(file)),
        media: () => this.#media,
        state: () => this.#state,
        handleChange: () => this.#render(),
        leave: () => this.#end('left'),
      },
      runAsync,
    );
  }

  async start(
    admission: Admission,
    choice: DeviceChoice,
    visit: LinkDetails,
    hooks: CallHooks,
  ): Promise<void> {
    this.#hooks = hooks;
    this.#visit = visit;
    this.#roomId = admission.roomId;
    this.#state = new CallState(admission.identity);
    this.#choice = choice;
    setText(byId('call-title', HTMLElement), visit.title ?? visit.room.name);
    const { Media: MediaOfCall } = await import('./media.ts');
    const media = new MediaOfCall({
      handleChange: () => this.#render(),
      handleSpeakers: (identities) => this.#view.tiles.markSpeaking(identities),
      showNote: (text) => this.#view.note.show(text),
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
    media.startReports(admission.callId, (frame) => this.#socket?.send(frame) ?? null, runAsync);
    showStep('call');
    this.#render();
  }

  #connectSocket({ roomId, realtime }: Admission): void {
    const socket = new RoomSocket(realtime.url, realtime.ticket, {
      handleFrame: (frame) => this.#receiveFrame(frame),
      handleConnection: (open) => this.#view.note.show(open ? '' : 'Chat and captions are reconnecting…'),
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
    else this.#view.note.show('Chat and captions are not available. Leave and join again to get them back.');
  }

  #receiveFrame(frame: RoomServerFrame): void {
    const state = this.#state;
    const before = state.chat;
    state.applyFrame(frame);
    if (frame.type === 'welcome') {
      if (frame.you.features.chat) this.#socket?.send({ type: 'chat.history' });
      if (frame.state.polls.length > 0) runAsync(() => this.#requests.readPolls());
    }
    if (frame.type === 'participant.removed' && frame.identity === state.self) this.#end('removed');
    if (frame.type === 'room.ended') this.#end('ended');
    if (frame.type === 'media.recommended') runAsync(async () => this.#media?.follow(frame.recommendation));
    if (frame.type === 'participant.moved' && frame.ticket !== null)
      this.#handleMove(frame.toRoomId, frame.ticket);
    // The socket was down when the participant was moved.
    if ((frame.type === 'welcome' || frame.type === 'resumed') && frame.move?.ticket)
      this.#handleMove(frame.move.toRoomId, frame.move.ticket);
    this.#view.receive(frame, state.chat !== before);
    this.#render();
  }

  /** Updates the page to the current state. */
  #render(): void {
    const media = this.#media;
    if (!media) return;
    this.#choice = media.choice;
    this.#view.render(media, this.#visit);
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
    this.#view.clear();
    runAsync(() => media.leave());
  }
}
