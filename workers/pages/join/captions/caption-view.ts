import { byId, queryWithin, setHidden, setText } from '../dom.ts';
import { type Caption, type CaptionLines, isGap, isUntranslated } from './caption-log.ts';
import type { LiveCaptions } from './offered-languages.ts';
import { CAPTION_SIZES, type CaptionChoice, type CaptionSize } from './caption-choice.ts';

const GAP = 'some words are missing here';

const languageNames = new Intl.DisplayNames(undefined, { type: 'language' });

export function nameLanguage(tag: string): string {
  try {
    return languageNames.of(tag) ?? tag;
  } catch {
    return tag; // sent by an agent, and no language tag
  }
}

export interface CaptionHooks {
  chooseLanguage(language: string): void;
  chooseSize(size: CaptionSize): void;
  switchForAll(): void;
}

/** The captions under the tiles. Screen readers announce finished lines; unfinished ones are only shown. */
export class CaptionView {
  readonly #area = byId('captions', HTMLElement);
  readonly #lines = byId('caption-lines', HTMLElement);
  readonly #language = byId('caption-language', HTMLSelectElement);
  readonly #size = byId('caption-size', HTMLSelectElement);
  readonly #switch = byId('switch-captions', HTMLButtonElement);
  readonly #shown = new Map<string, HTMLElement>();
  #offered = '';

  constructor({ chooseLanguage, chooseSize, switchForAll }: CaptionHooks) {
    this.#switch.addEventListener('click', switchForAll);
    this.#language.addEventListener('change', () => chooseLanguage(this.#language.value));
    this.#size.addEventListener('change', () =>
      chooseSize(CAPTION_SIZES.find((size) => size === this.#size.value) ?? 'medium'),
    );
  }

  /** @param languages that are offered @param note what there is to say of the captions; empty for nothing */
  showChoice({ on, language, size }: CaptionChoice, languages: readonly string[], note: string): void {
    setHidden(this.#area, !on);
    this.#area.dataset.size = size;
    this.#size.value = size;
    setText(byId('caption-note', HTMLElement), note);
    setHidden(byId('caption-language-choice', HTMLElement), languages.length === 0);
    const offered = languages.join();
    if (offered !== this.#offered) {
      this.#offered = offered;
      const options = languages.map((tag) => new Option(nameLanguage(tag), tag));
      this.#language.replaceChildren(new Option('As spoken', ''), ...options);
    }
    this.#language.value = languages.includes(language) ? language : '';
  }

  /** What moderators may do for everybody. @param live the captions of the call; undefined before it is known */
  showSwitch(live: LiveCaptions | null | undefined, isModerator: boolean): void {
    setHidden(this.#switch, live === undefined || !isModerator);
    setText(this.#switch, live ? 'Stop captions for everybody' : 'Start captions for everybody');
  }

  /** @param language that the visitor chose; empty for none @param nameOf the name of an identity */
  showLines(
    { finished, unfinished }: CaptionLines,
    language: string,
    nameOf: (identity: string) => string,
  ): void {
    const kept = new Set(finished.map(({ segmentId }) => segmentId));
    for (const [segmentId, element] of this.#shown)
      if (!kept.has(segmentId)) {
        element.remove();
        this.#shown.delete(segmentId);
      }
    const lines = finished.map((caption) => {
      const line = this.#shown.get(caption.segmentId) ?? this.#createLine(caption, nameOf);
      this.#shown.set(caption.segmentId, line);
      setHidden(queryWithin(line, '.untranslated', HTMLElement), !isUntranslated(caption, language));
      return line;
    });
    // A moved line is announced once more, so only another language changes the order.
    const isInOrder = lines.every((line, at) => !line.isConnected || line === this.#lines.children[at]);
    if (isInOrder) this.#lines.append(...lines.filter((line) => !line.isConnected));
    else this.#lines.replaceChildren(...lines);
    const partial = byId('caption-partial', HTMLElement);
    setText(partial, unfinished.map(({ speaker, text }) => `${nameOf(speaker)}: ${text}`).join(' '));
    // The newest line stays in sight.
    this.#lines.scrollTop = this.#lines.scrollHeight;
    partial.scrollTop = partial.scrollHeight;
  }

  #createLine(caption: Caption, nameOf: (identity: string) => string): HTMLElement {
    const template = byId('caption-template', HTMLTemplateElement);
    const line = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
    setText(queryWithin(line, '.name', HTMLElement), nameOf(caption.speaker));
    const text = queryWithin(line, '.text', HTMLElement);
    text.classList.toggle('gap', isGap(caption));
    if (!isGap(caption)) text.lang = caption.language;
    setText(text, isGap(caption) ? GAP : caption.text);
    return line;
  }
}
