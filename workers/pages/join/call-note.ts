import { byId, setText } from './dom.ts';
import type { FrameOf, RoomServerFrame } from './frames.ts';

const BRIEF_NOTE_MS = 8_000;
const STOPPING = 'The recording is being stopped.';

type Newcomer = FrameOf<'lobby.waiting'>['entry'];
const describeNewcomer = ({ name }: Newcomer): string => `${name} is waiting to be let in.`;

/** The line above the call that says what happened; screen readers say it, too. */
export class CallNote {
  readonly #element = byId('call-note', HTMLElement);
  /** The person who came to the lobby last. */
  #newcomer: Newcomer | undefined;

  readonly show = (text: string): void => setText(this.#element, text);

  /** Says that a recording was asked to stop; the cluster takes a few seconds. */
  showStopping(): void {
    this.#showBriefly(STOPPING);
  }

  /** Says which agents see the screen that is shared from now on. */
  showScreenViewers(names: readonly string[]): void {
    if (names.length > 0) this.#showBriefly(`Your screen is also seen by ${names.join(', ')}.`);
  }

  receive(frame: RoomServerFrame): void {
    if (frame.type === 'media.muted') this.show('A host muted you.');
    if (frame.type === 'notice') this.show(frame.text);
    if (frame.type === 'poll.opened') this.#showBriefly('A poll was opened.');
    if (frame.type === 'recording.over') this.hide(STOPPING);
    if (frame.type === 'lobby.waiting') this.#showBriefly(describeNewcomer((this.#newcomer = frame.entry)));
    if (frame.type === 'lobby.decided' && frame.lobbyEntryId === this.#newcomer?.lobbyEntryId)
      this.hide(describeNewcomer(this.#newcomer));
  }

  /** For texts that are shown elsewhere, too. */
  #showBriefly(text: string): void {
    this.show(text);
    setTimeout(() => this.hide(text), BRIEF_NOTE_MS);
  }

  /** Takes back a text that is no longer true, unless another one has followed. */
  hide(text: string): void {
    if (this.#element.textContent === text) this.show('');
  }
}
