import type { RoomServerFrame } from '../frames.ts';
import { type Caption, linesIn, newestEngine } from './caption-log.ts';
import { type CaptionChoice, readChoice, rememberChoice } from './caption-choice.ts';
import { CaptionView, nameLanguage } from './caption-view.ts';
import { Listening, type ListeningSources } from './listening.ts';
import { languageToAsk, noteOf } from './offered-languages.ts';

/** A translation that has not come after this long will not come. */
const AWAITED_MS = 8_000;

export interface CaptionSources extends ListeningSources {
  nameOf(identity: string): string;
  isModerator(): boolean;
  handleChange(): void;
  /** Switches captions on or off for everybody. */
  switchForAll(): void;
}

/** Captions as the visitor wants them: whether, in which language, how large, and spoken or not. */
export class Captions {
  readonly #sources: CaptionSources;
  readonly #view: CaptionView;
  readonly #listening: Listening;
  /** When each finished caption came. */
  readonly #cameAtMs = new Map<string, number>();
  #choice: CaptionChoice = readChoice();
  /** The languages that the room was asked for; undefined before the first request on this connection. */
  #asked: string | null | undefined;
  /** The frame that asks, and a language that was refused since it was chosen. */
  #askId: string | null = null;
  #refused: string | null = null;
  #wereOn = false;

  constructor(sources: CaptionSources) {
    this.#sources = sources;
    this.#listening = new Listening(sources);
    this.#view = new CaptionView({
      chooseLanguage: (language) => {
        this.#refused = null;
        this.#choose({ language });
      },
      chooseSize: (size) => this.#choose({ size }),
      switchForAll: () => sources.switchForAll(),
    });
  }

  get on(): boolean {
    return this.#choice.on;
  }

  toggle(): void {
    this.#choose({ on: !this.on });
    this.#sources.handleChange();
  }

  receive(frame: RoomServerFrame): void {
    if (frame.type === 'welcome' || frame.type === 'resumed') this.#asked = undefined;
    if (frame.type === 'error' && frame.id !== null && frame.id === this.#askId)
      this.#refused = this.#choice.language;
    this.show();
    this.#listening.receive(frame);
  }

  /** The tracks of the call have changed. */
  handleTracks(): void {
    this.#listening.show();
  }

  show(): void {
    const live = this.#sources.live();
    if (live) this.#wereOn = true;
    const { language: wanted, on } = this.#choice;
    const offered = live?.languages ?? [];
    const language = offered.includes(wanted) && wanted !== this.#refused ? wanted : '';
    this.#ask(languageToAsk({ ...this.#choice, language }, live));
    const note = noteOf(live, {
      wanted,
      language,
      wereOn: this.#wereOn,
      isRefused: wanted === this.#refused,
      engine: newestEngine(this.#sources.captions(), language),
    });
    this.#view.showChoice({ ...this.#choice, language }, offered, note(nameLanguage));
    this.#view.showSwitch(live, this.#sources.isModerator());
    if (on) this.#showLines(language);
  }

  clear(): void {
    this.#listening.clear();
    this.#asked = undefined;
    this.#askId = null;
    this.#refused = null;
    this.#wereOn = false;
    this.#cameAtMs.clear();
    this.#view.showLines({ finished: [], unfinished: [] }, '', this.#sources.nameOf);
  }

  #choose(change: Partial<CaptionChoice>): void {
    this.#choice = { ...this.#choice, ...change };
    rememberChoice(this.#choice);
    this.show();
  }

  #ask(language: string | null): void {
    const isAsked = this.#asked === undefined ? language === null : this.#asked === language;
    if (isAsked) return;
    this.#askId = this.#sources.send({ type: 'captions.ask', language });
    if (this.#askId !== null) this.#asked = language;
  }

  #showLines(language: string): void {
    const captions = this.#sources.captions();
    const nowMs = performance.now();
    for (const { segmentId, final } of captions)
      if (final && !this.#cameAtMs.has(segmentId)) {
        this.#cameAtMs.set(segmentId, nowMs);
        // Shown as it was spoken, if no translation has come until then.
        if (language !== '') setTimeout(() => this.show(), AWAITED_MS);
      }
    const known = new Set(captions.map(({ segmentId }) => segmentId));
    for (const segmentId of this.#cameAtMs.keys())
      if (!known.has(segmentId)) this.#cameAtMs.delete(segmentId);
    const isAwaited = ({ segmentId }: Caption) =>
      nowMs < (this.#cameAtMs.get(segmentId) ?? nowMs) + AWAITED_MS;
    this.#view.showLines(linesIn(language, captions, isAwaited), language, this.#sources.nameOf);
  }
}
