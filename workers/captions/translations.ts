import type { CaptionFrame } from './room-socket.ts';
import type { Translated, TranslationRequest } from './translator.ts';

/** Sentences of one language that wait for their translation; one more is not translated. */
const MOST_WAITING = 10;

type Caption = Omit<CaptionFrame, 'version' | 'final'>;

export interface TranslationHooks {
  now(): number;
  /** A text in another language; null where there is none. */
  translate(request: TranslationRequest): Promise<Translated | null>;
  /** Shows a translation to everybody, or to those who ask for its language. */
  show(
    translation: Caption & { translatedFrom: string; translatedBy: Translated['by'] },
    isForAll: boolean,
  ): void;
  /** The languages that somebody listens to. */
  spoken(): readonly string[];
  /** Speaks a translation of words that were finished at a moment. */
  speak(translation: { language: string; text: string }, saidAtMs: number): void;
  /** Characters that rules translated; what a model translates is counted by the product. */
  onTranslated(characters: number): void;
}

export interface Wanted {
  /** Languages for everybody, as the host chose. */
  translateTo: readonly string[];
  /** Whether rules may translate: their price may be unknown. */
  mayUseRules: boolean;
  /** Whether a model is asked: first, or only for what rules cannot do; null where none may be. */
  model: 'auto' | 'model' | null;
}

interface Said {
  caption: Caption;
  /** What was said before. */
  context: string;
  atMs: number;
}

/** Translations of finished captions, each made once: for everybody, or as long as somebody asks for its language. */
export class Translations {
  readonly #hooks: TranslationHooks;
  #wanted: Wanted;
  #asked: readonly string[] = [];
  /** The caption before, which helps to understand the next one. */
  #before = '';
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

  add(caption: Caption): void {
    const context = this.#before;
    this.#before = caption.text;
    if (!this.#wanted.mayUseRules && this.#wanted.model === null) return;
    const languages = new Set([...this.#wanted.translateTo, ...this.#asked, ...this.#hooks.spoken()]);
    const said = { caption, context, atMs: this.#hooks.now() };
    for (const to of languages) if (to !== caption.language) this.#enqueue(said, to);
  }

  #enqueue(said: Said, to: string): void {
    const queue = this.#queues.get(to) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= MOST_WAITING) return;
    const last = queue.last.then(() => this.#translate(said, to)).finally(() => queue.waiting--);
    this.#queues.set(to, Object.assign(queue, { last, waiting: queue.waiting + 1 }));
  }

  async #translate({ caption, context, atMs }: Said, to: string): Promise<void> {
    // Everybody who asked may have left while it waited.
    const isForAll = this.#wanted.translateTo.includes(to);
    const isShown = isForAll || this.#asked.includes(to);
    if (!isShown && !this.#hooks.spoken().includes(to)) return;
    const { text: original, language: from, segmentId } = caption;
    const translated = await this.#hooks.translate({ text: original, from, to, context });
    if (translated === null) return;
    const { text, by } = translated;
    if (by === 'rules') this.#hooks.onTranslated(original.length);
    const translation = {
      ...caption,
      segmentId: `${segmentId}-${to}`,
      language: to,
      text: text.slice(0, 2_000),
    };
    if (isShown) this.#hooks.show({ ...translation, translatedFrom: from, translatedBy: by }, isForAll);
    this.#hooks.speak(translation, atMs);
  }
}
