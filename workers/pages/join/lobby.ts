import type { Admission, LobbyWait } from './api.ts';
import { byId, runAsync, setHidden, setText, showStep } from './dom.ts';
import type { SocketEnd, FrameOf, RoomServerFrame } from './frames.ts';
import { RoomSocket } from './socket.ts';
import { errorTextFor } from './texts.ts';

type LobbyDecision = NonNullable<FrameOf<'waiting'>['decision']>;

export interface LobbyHooks {
  handleAdmission(): void;
  /** The visitor left the lobby. */
  handleLeave(): void;
  askAgain(): void;
  /** Asks the API to join again. @throws ApiError */
  rejoin(): Promise<Admission | LobbyWait>;
  /** Cancels the lobby entry. @throws ApiError */
  cancelWaiting(waiting: LobbyWait): Promise<unknown>;
}

const WAITING_TEXTS: Readonly<Record<LobbyWait['waitsFor'], { title: string; note: string }>> = {
  approval: { title: 'Waiting to be let in', note: 'The hosts know that you are waiting.' },
  host: {
    title: 'Waiting for the host',
    note: 'The call begins when a host is here. You will enter by yourself; keep this page open.',
  },
};

const NOTES: Readonly<Record<Exclude<LobbyDecision, 'admitted'>, string>> = {
  denied: 'A host declined your request to join.',
  expired: 'Nobody answered. You can ask again.',
  cancelled: 'You are no longer waiting.',
};

/** The lobby step: waits for a host, or for their decision; both come over the room's socket. */
export class Lobby {
  #socket: RoomSocket | undefined;
  #waiting: LobbyWait | undefined;
  #hooks: LobbyHooks | undefined;

  constructor() {
    byId('leave-lobby', HTMLButtonElement).addEventListener('click', () => this.#leave());
    byId('ask-again', HTMLButtonElement).addEventListener('click', () => this.#hooks?.askAgain());
  }

  wait(waiting: LobbyWait, hooks: LobbyHooks): void {
    this.#waiting = waiting;
    this.#hooks = hooks;
    showStep('lobby');
    this.#showWaiting();
    this.#socket?.close();
    this.#socket = new RoomSocket(waiting.realtime.url, waiting.realtime.ticket, {
      handleFrame: (frame) => this.#receiveFrame(frame),
      handleConnection: (open) => {
        if (!open) this.#showStatus('The connection was lost. Reconnecting…', false);
      },
      handleEnd: (ending) => this.#handleEnd(ending),
      handleRefusal: (code) => this.#showStatus(errorTextFor(code), true),
      rejoin: () => this.#rejoin(hooks),
    });
  }

  /** Asks the API again: the visitor may have been admitted meanwhile, or wait with another entry. */
  async #rejoin(hooks: LobbyHooks): Promise<LobbyWait['realtime']> {
    const admission = await hooks.rejoin();
    if (this.#hooks !== hooks) {
      // The visitor left while the API was asked.
      if (admission.status === 'waiting') this.#cancel(admission, hooks);
    } else if (admission.status === 'waiting') {
      this.#waiting = admission;
      this.#showWaiting();
    } else this.#handleDecision('admitted');
    return admission.realtime;
  }

  #receiveFrame(frame: RoomServerFrame): void {
    if (frame.type === 'waiting') {
      if (frame.decision) this.#handleDecision(frame.decision);
      else this.#showWaiting();
    }
    if (frame.type === 'lobby.decided' && frame.lobbyEntryId === this.#waiting?.lobbyEntryId)
      this.#handleDecision(frame.decision);
  }

  #handleDecision(decision: LobbyDecision): void {
    this.#socket?.close();
    if (decision === 'admitted') this.#hooks?.handleAdmission();
    // The host is late: no answer is missing, so nobody has to ask again by hand.
    else if (decision === 'expired' && this.#waiting?.waitsFor === 'host') this.#hooks?.askAgain();
    else this.#showStatus(NOTES[decision], true);
  }

  #handleEnd(ending: Exclude<SocketEnd, 'resume' | 'ask'>): void {
    if (ending === 'removed') this.#showStatus('You were removed from the call.', false);
    if (ending === 'ended') this.#showStatus('The call has ended.', false);
    if (ending === 'replaced') this.#showStatus('You are waiting in another tab or on another device.', true);
    // The socket ended before the decision arrived: the API knows it.
    if (ending === 'decided') this.#hooks?.askAgain();
  }

  #showWaiting(): void {
    this.#showStatus(WAITING_TEXTS[this.#waiting?.waitsFor ?? 'approval'].note, false);
  }

  #showStatus(text: string, isOver: boolean): void {
    setText(byId('lobby-note', HTMLElement), text);
    const { title } = WAITING_TEXTS[this.#waiting?.waitsFor ?? 'approval'];
    setText(byId('lobby-title', HTMLElement), isOver ? 'Not let in' : title);
    setHidden(byId('ask-again', HTMLElement), !isOver);
    byId('step-lobby', HTMLElement).classList.toggle('over', isOver);
  }

  #leave(): void {
    const [waiting, hooks] = [this.#waiting, this.#hooks];
    this.#socket?.close();
    this.#hooks = undefined;
    hooks?.handleLeave();
    if (waiting && hooks) this.#cancel(waiting, hooks);
  }

  #cancel(waiting: LobbyWait, hooks: LobbyHooks): void {
    // It fails when the visitor was admitted at this moment; they have left all the same.
    runAsync(() => hooks.cancelWaiting(waiting).catch(() => undefined));
  }
}
