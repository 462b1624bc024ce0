import { byId, setText } from '../common/elements.ts';

const STEP_SECONDS = 10;
/** A file that fails again within this time is not asked for once more. */
const RETRY_MS = 20_000;

/** The player: its keys, its speed, and where the file comes from. */
export class Player {
  readonly #video = byId('video', HTMLVideoElement);
  readonly #speed = byId('speed', HTMLSelectElement);
  #renewedAt = 0;

  /** @param renew asks for another address of the file, when the present one has expired */
  constructor(url: string, renew: () => Promise<string>) {
    this.#video.src = url;
    this.#video.addEventListener('error', () => void this.#renew(renew));
    this.#speed.addEventListener('change', () => {
      this.#video.playbackRate = Number(this.#speed.value);
    });
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  onTime(show: (seconds: number) => void): void {
    this.#video.addEventListener('timeupdate', () => show(this.#video.currentTime));
  }

  seek(seconds: number): void {
    this.#video.currentTime = seconds;
    this.#video.focus();
  }

  /** Continues where it was, with another address. */
  async #renew(renew: () => Promise<string>): Promise<void> {
    const { currentTime, playbackRate, paused } = this.#video;
    if (Date.now() - this.#renewedAt < RETRY_MS) return this.#giveUp();
    this.#renewedAt = Date.now();
    try {
      this.#video.src = await renew();
      this.#video.currentTime = currentTime;
      this.#video.playbackRate = playbackRate;
      if (!paused) await this.#video.play();
    } catch {
      this.#giveUp();
    }
  }

  #giveUp(): void {
    setText(
      byId('media-problem', HTMLElement),
      'The file cannot be played here. It may be gone, or your browser does not know its format.',
    );
  }

  #changeSpeed(steps: number): void {
    const { options, selectedIndex } = this.#speed;
    this.#speed.selectedIndex = Math.min(options.length - 1, Math.max(0, selectedIndex + steps));
    this.#video.playbackRate = Number(this.#speed.value);
  }

  /** Keys of the page; those that a button or the list of speeds needs are theirs. */
  #onKey(event: KeyboardEvent): void {
    const isField = event.target instanceof HTMLSelectElement || event.target instanceof HTMLButtonElement;
    if (isField || event.ctrlKey || event.metaKey || event.altKey) return;
    const video = this.#video;
    const actions: Record<string, () => unknown> = {
      ' ': () => (video.paused ? video.play() : video.pause()),
      ArrowLeft: () => (video.currentTime -= STEP_SECONDS),
      ArrowRight: () => (video.currentTime += STEP_SECONDS),
      '<': () => this.#changeSpeed(-1),
      '>': () => this.#changeSpeed(1),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}
