import { byId, setHidden, setText } from '../dom.ts';
import { listenForConfirmed } from './confirm-button.ts';
import type { RecordingNote } from './recording-list.ts';

const OVER = 'The recording is over.';
const NOTHING: RecordingNote = { label: '', announcement: '', active: false, consent: 'none' };

export interface RecordingViewHooks {
  /** Asks for a recording of the call. */
  start(): void;
  /** Asks all running recordings to stop. */
  stop(): void;
  /** Answers whether the participant agrees to be recorded. */
  answer(agreed: boolean): void;
}

const button = (id: string) => byId(id, HTMLButtonElement);

/**
 * The sign that the call is recorded, visible as long as it is. Hosts and moderators whose link allows recordings start
 * and stop it; where everybody has to agree, the participant is asked, and can take that back.
 */
export class RecordingView {
  #wasShown = false;

  constructor({ start, stop, answer }: RecordingViewHooks) {
    button('start-recording').addEventListener('click', start);
    listenForConfirmed(button('stop-recording'), stop);
    listenForConfirmed(button('withdraw-consent'), () => answer(false));
    button('give-consent').addEventListener('click', () => answer(true));
    button('refuse-consent').addEventListener('click', () => answer(false));
  }

  show({ label, announcement, active, consent }: RecordingNote, mayDecide: boolean): void {
    const isShown = label !== '';
    const sign = byId('recording-sign', HTMLElement);
    setHidden(sign, !isShown);
    sign.classList.toggle('active', active);
    setText(byId('recording-label', HTMLElement), label);
    setHidden(button('start-recording'), isShown || !mayDecide);
    setHidden(button('stop-recording'), !isShown || !mayDecide);
    setHidden(button('withdraw-consent'), consent !== 'given');
    setHidden(byId('consent-ask', HTMLElement), consent !== 'asked');
    if (isShown || this.#wasShown)
      setText(byId('recording-status', HTMLElement), isShown ? announcement : OVER);
    this.#wasShown ||= isShown;
  }

  clear(): void {
    this.show(NOTHING, false);
    this.#wasShown = false;
    setText(byId('recording-status', HTMLElement), '');
  }
}
