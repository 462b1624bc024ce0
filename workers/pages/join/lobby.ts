import type { Admission, Waiting } from './api.ts';
import { byId, run, setHidden, setText, showStep } from './dom.ts';
import type { Ending, FrameOf, ServerFrame } from './frames.ts';
import { RoomSocket } from './socket.ts';
import { textFor } from './words.ts';

type Decision = NonNullable<FrameOf<'waiting'>['decision']>;

export interface LobbyHooks {
  admitted(): void;
  /** Went away by themselves. */
  left(): void;
  askAgain(): void;
  /** Asks for the place anew. @throws Refusal */
  comeBack(): Promise<Admission | Waiting>;
  /** Says that they wait no more. @throws Refusal */
  leave(waiting: Waiting): Promise<unknown>;
}

const TOLD = 'The host has been told that you are here.';

const NOTES: Readonly<Record<Exclude<Decision, 'admitted'>, string>> = {
  denied: 'The host did not let you in.',
  expired: 'Nobody has answered. You can ask again.',
  cancelled: 'You are not waiting any more.',
};

/** The lobby: waits for a host's decision, which comes over the room's socket. */
export class Lobby {
  #socket: RoomSocket | undefined;
  #waiting: Waiting | undefined;
  #hooks: LobbyHooks | undefined;

  constructor() {
    byId('leave-lobby', HTMLButtonElement).addEventListener('click', () => this.#leave());
    byId('ask-again', HTMLButtonElement).addEventListener('click', () => this.#hooks?.askAgain());
  }

  wait(waiting: Waiting, hooks: LobbyHooks): void {
    this.#waiting = waiting;
    this.#hooks = hooks;
    showStep('lobby');
    this.#tell(TOLD, false);
    this.#socket?.close();
    this.#socket = new RoomSocket(waiting.realtime.url, waiting.realtime.ticket, {
      frame: (frame) => this.#hear(frame),
      connected: (open) => {
        if (!open) this.#tell('The connection is lost. Reconnecting…', false);
      },
      over: (ending) => this.#over(ending),
      refused: (code) => this.#tell(textFor(code), true),
      comeBack: () => this.#comeBack(hooks),
    });
  }

  /** Asks again whether they still wait: meanwhile they may have been let in, or wait by another entry. */
  async #comeBack(hooks: LobbyHooks): Promise<Waiting['realtime']> {
    const place = await hooks.comeBack();
    if (this.#hooks !== hooks) {
      // Left while they asked.
      if (place.status === 'waiting') this.#cancel(place, hooks);
    } else if (place.status === 'waiting') this.#waiting = place;
    else this.#decided('admitted');
    return place.realtime;
  }

  #hear(frame: ServerFrame): void {
    if (frame.type === 'waiting') {
      if (frame.decision) this.#decided(frame.decision);
      else this.#tell(TOLD, false);
    }
    if (frame.type === 'lobby.decided' && frame.lobbyEntryId === this.#waiting?.lobbyEntryId)
      this.#decided(frame.decision);
  }

  #decided(decision: Decision): void {
    this.#socket?.close();
    if (decision === 'admitted') this.#hooks?.admitted();
    else this.#tell(NOTES[decision], true);
  }

  #over(ending: Exclude<Ending, 'resume' | 'ask'>): void {
    if (ending === 'removed') this.#tell('You were removed from the meeting.', false);
    if (ending === 'ended') this.#tell('The meeting has ended.', false);
    if (ending === 'replaced') this.#tell('You are waiting in another tab or on another device.', true);
    // What was decided was not heard: the API knows it.
    if (ending === 'decided') this.#hooks?.askAgain();
  }

  #tell(text: string, over: boolean): void {
    setText(byId('lobby-note', HTMLElement), text);
    setText(byId('lobby-title', HTMLElement), over ? 'Not let in' : 'Waiting to be let in');
    setHidden(byId('ask-again', HTMLElement), !over);
    byId('step-lobby', HTMLElement).classList.toggle('over', over);
  }

  #leave(): void {
    const [waiting, hooks] = [this.#waiting, this.#hooks];
    this.#socket?.close();
    this.#hooks = undefined;
    hooks?.left();
    if (waiting && hooks) this.#cancel(waiting, hooks);
  }

  #cancel(waiting: Waiting, hooks: LobbyHooks): void {
    // Whoever was let in at this very moment has left all the same.
    run(() => hooks.leave(waiting).catch(() => undefined));
  }
}
