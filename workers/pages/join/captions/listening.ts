import { byId, setHidden, setText } from '../dom.ts';
import type { RoomServerFrame } from '../frames.ts';
import type { Caption } from './caption-log.ts';
import { nameLanguage } from './caption-view.ts';
import { listeningNote, speaksLanguage } from './listening.rules.ts';
import type { LiveCaptions } from './offered-languages.ts';
import type { SpokenSound } from './spoken-sound.ts';

/** How long the note says that words were not spoken. */
const SKIPPED_MS = 8_000;

export interface ListeningSources {
  captions(): readonly Caption[];
  /** The captions of the call; null for none, undefined before it is known. */
  live(): LiveCaptions | null | undefined;
  sound(): SpokenSound | undefined;
  send(frame: Record<string, unknown>): string | null;
}

/** Listening to a voice that speaks translations. The choice lasts for the call, also when connections break. */
export class Listening {
  readonly #sources: ListeningSources;
  readonly #area = byId('listening', HTMLElement);
  readonly #select = byId('listening-language', HTMLSelectElement);
  #wanted = '';
  #offered = '';
  /** The language that the room was asked for; undefined before the first request on this connection. */
  #asked: string | null | undefined;
  #skipped: 'late' | 'failed' | null = null;
  #skippedTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(sources: ListeningSources) {
    this.#sources = sources;
    this.#select.addEventListener('change', () => {
      this.#wanted = this.#select.value;
      this.show();
    });
  }

  receive(frame: RoomServerFrame): void {
    if (frame.type === 'welcome' || frame.type === 'resumed') this.#asked = undefined;
    if (frame.type === 'captions.skipped' && frame.language === this.#wanted) this.#showSkipped(frame.reason);
    this.show();
  }

  /** Brings page, sound and request to the current state. */
  show(): void {
    const { live, captions, sound } = this.#sources;
    const offered = live()?.spoken ?? [];
    const language = offered.includes(this.#wanted) ? this.#wanted : '';
    this.#ask(language === '' ? null : language);
    const isUnderstood = (identity: string) => speaksLanguage(captions(), identity, language);
    const isThere = sound()?.play(language === '' ? null : language, isUnderstood) ?? false;
    this.#showChoice(offered);
    const listened = { wanted: this.#wanted, language, isThere, skipped: this.#skipped };
    setText(byId('listening-note', HTMLElement), listeningNote(listened, nameLanguage));
  }

  clear(): void {
    this.#wanted = '';
    this.#asked = undefined;
    this.#skipped = null;
    setHidden(this.#area, true);
  }

  #showChoice(offered: readonly string[]): void {
    setHidden(this.#area, offered.length === 0 && this.#wanted === '');
    // A language that ended stays chosen: it is spoken again when it comes back.
    const isGone = this.#wanted !== '' && !offered.includes(this.#wanted);
    const languages = isGone ? [...offered, this.#wanted] : [...offered];
    if (languages.join() !== this.#offered) {
      this.#offered = languages.join();
      const options = languages.map((tag) => new Option(nameLanguage(tag), tag));
      this.#select.replaceChildren(new Option('As spoken', ''), ...options);
    }
    this.#select.value = this.#wanted;
  }

  #ask(language: string | null): void {
    const isAsked = this.#asked === undefined ? language === null : this.#asked === language;
    if (isAsked) return;
    if (this.#sources.send({ type: 'captions.listen', language }) !== null) this.#asked = language;
  }

  #showSkipped(reason: 'late' | 'failed'): void {
    this.#skipped = reason;
    clearTimeout(this.#skippedTimer);
    this.#skippedTimer = setTimeout(() => {
      this.#skipped = null;
      this.show();
    }, SKIPPED_MS);
  }
}
