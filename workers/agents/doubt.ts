/** A sound that is not known to be speech after this time was a cough, or noise. */
export const DOUBT_MS = 250;

interface Speaking {
  pause: () => void;
  resume: () => void;
}
type SetTimer = (work: () => void, ms: number) => () => void;

const startTimer: SetTimer = (work, ms) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** Until it is certain that somebody speaks, an agent is silent; it continues if that was a mistake. */
export class Doubt {
  readonly #voice: Speaking;
  readonly #setTimer: SetTimer;
  #cancel: (() => void) | undefined;

  constructor(voice: Speaking, setTimer = startTimer) {
    this.#voice = voice;
    this.#setTimer = setTimer;
  }

  begin(): void {
    this.#cancel?.();
    this.#voice.pause();
    this.#cancel = this.#setTimer(() => this.end(), DOUBT_MS);
  }

  /** The agent says the rest. */
  end(): void {
    if (!this.#cancel) return;
    this.#cancel();
    this.#cancel = undefined;
    this.#voice.resume();
  }
}
