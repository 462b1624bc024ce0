import type { CaptionFrame } from './room-socket.ts';

/** Sentences of one language that wait for their translation; one more is not translated. */
const MOST_WAITING = 10;

export interface TranslationHooks {
  /** A text in another language; null where there is none. */
  translate(request: { text: string; from: string; to: string }): Promise<string | null>;
  /** Shows a translation to everybody, or to those who ask for its language. */
  show(
    translation: Omit<CaptionFrame, 'version' | 'final'> & { translatedFrom: string },
    isForAll: boolean,
  ): void;
  /** Characters that were translated. */
  onTranslated(characters: number): void;
}

interface Wanted {
  /** Languages for everybody, as the host chose. */
  translateTo: readonly string[];
  /** Whether anything may be translated: its price may be unknown. */
  mayTranslate: boolean;
}

/** Translations of finished captions, each made once: for everybody, or as long as somebody asks for its language. */
export class Translations {
  readonly #hooks: TranslationHooks;
  #wanted: Wanted;
  #asked: readonly string[] = [];
  /** For each language: the last translation, which the next one waits for, and how many wait. */
  readonly #queues = new Map<string, { last: Promise<void>; waiting: number }>();

  constructor(wanted: Wanted, hooks: TranslationHooks) {
    this.#wanted = wanted;
    this.#hooks = hooks;
  }

  want(wanted: Wanted): void {
    this.#wanted = wanted;
  }

  /** The languages that people ask for now. */
  ask(languages: readonly string[]): void {
    this.#asked = languages;
  }

  add(caption: Omit<CaptionFrame, 'version' | 'final'>): void {
    if (!this.#wanted.mayTranslate) return;
    const languages = new Set([...this.#wanted.translateTo, ...this.#asked]);
    for (const to of languages) if (to !== caption.language) this.#enqueue(caption, to);
  }

  #enqueue(caption: Omit<CaptionFrame, 'version' | 'final'>, to: string): void {
    const queue = this.#queues.get(to) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= MOST_WAITING) return;
    const last = queue.last.then(() => this.#translate(caption, to)).finally(() => queue.waiting--);
    this.#queues.set(to, Object.assign(queue, { last, waiting: queue.waiting + 1 }));
  }

  async #translate(caption: Omit<CaptionFrame, 'version' | 'final'>, to: string): Promise<void> {
    const isForAll = this.#wanted.translateTo.includes(to);
    // Everybody who asked may have left while it waited.
    if (!isForAll && !this.#asked.includes(to)) return;
    const { text: original, language: from, segmentId } = caption;
    const text = await this.#hooks.translate({ text: original, from, to });
    if (text === null || text.trim() === '') return;
    this.#hooks.onTranslated(original.length);
    const translation = {
      ...caption,
      segmentId: `${segmentId}-${to}`,
      language: to,
      text: text.slice(0, 2_000),
    };
    this.#hooks.show({ ...translation, translatedFrom: from }, isForAll);
  }
}
