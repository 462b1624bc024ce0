import { leaveLobby, type Waiting } from './api.ts';
import { byId, run, setHidden, setText, showStep } from './dom.ts';
import type { FrameOf, ServerFrame } from './frames.ts';
import { RoomSocket } from './socket.ts';

type Decision = NonNullable<FrameOf<'waiting'>['decision']>;

export interface LobbyHooks {
  admitted(): void;
  /** Went away by themselves. */
  left(): void;
  askAgain(): void;
  freshTicket(): Promise<string | null>;
}

const NOTES: Readonly<Record<Exclude<Decision, 'admitted'>, string>> = {
  denied: 'The host did not let you in.',
  expired: 'Nobody has answered. You can ask again.',
  cancelled: 'You are not waiting any more.',
};

/** The lobby: waits for a host's decision, which comes over the room's socket. */
export class Lobby {
  #socket: RoomSocket | undefined;
  #waiting: Waiting | undefined;
  #ticket = '';
  #hooks: LobbyHooks | undefined;

  constructor() {
    byId('leave-lobby', HTMLButtonElement).addEventListener('click', () => this.#leave());
    byId('ask-again', HTMLButtonElement).addEventListener('click', () => this.#hooks?.askAgain());
  }

  /** @param ticket the guest's credential, with which they can leave */
  wait(waiting: Waiting, ticket: string, hooks: LobbyHooks): void {
    this.#waiting = waiting;
    this.#ticket = ticket;
    this.#hooks = hooks;
    showStep('lobby');
    this.#tell('The host has been told that you are here.', false);
    const { url, ticket: roomTicket } = waiting.realtime;
    this.#socket?.close();
    this.#socket = new RoomSocket(url, roomTicket, {
      frame: (frame) => this.#hear(frame),
      connected: (open) => {
        if (!open) this.#tell('The connection is lost. Reconnecting…', false);
      },
      over: (ending) => {
        if (ending === 'removed') this.#tell('You were removed from the meeting.', false);
        if (ending === 'ended') this.#tell('The meeting has ended.', false);
      },
      freshTicket: () => hooks.freshTicket(),
    });
  }

  #hear(frame: ServerFrame): void {
    if (frame.type === 'waiting') {
      if (frame.decision) this.#decided(frame.decision);
      else this.#tell('The host has been told that you are here.', false);
    }
    if (frame.type === 'lobby.decided' && frame.lobbyEntryId === this.#waiting?.lobbyEntryId)
      this.#decided(frame.decision);
  }

  #decided(decision: Decision): void {
    this.#socket?.close();
    if (decision === 'admitted') this.#hooks?.admitted();
    else this.#tell(NOTES[decision], true);
  }

  #tell(text: string, over: boolean): void {
    setText(byId('lobby-note', HTMLElement), text);
    setText(byId('lobby-title', HTMLElement), over ? 'Not let in' : 'Waiting to be let in');
    setHidden(byId('ask-again', HTMLElement), !over);
    byId('step-lobby', HTMLElement).classList.toggle('over', over);
  }

  #leave(): void {
    const waiting = this.#waiting;
    this.#socket?.close();
    this.#hooks?.left();
    // Whoever was let in at this very moment has left all the same.
    if (waiting)
      run(() => leaveLobby(waiting.roomId, waiting.lobbyEntryId, this.#ticket).catch(() => undefined));
  }
}
