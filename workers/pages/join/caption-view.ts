import type { Caption } from './caption-log.ts';
import { byId, setHidden, setText } from './dom.ts';

/** The captions under the tiles. Screen readers announce finished lines; unfinished ones are only shown. */
export class CaptionView {
  readonly #lines = byId('caption-lines', HTMLElement);
  readonly #shown = new Map<string, HTMLElement>();
  #on = false;
  /** Empty for all languages. */
  #language = '';

  get on(): boolean {
    return this.#on;
  }

  toggle(): void {
    this.#on = !this.#on;
    setHidden(byId('captions', HTMLElement), !this.#on);
  }

  /** @param language of the captions to show; empty for all */
  chooseLanguage(language: string): void {
    this.#language = language;
  }

  /** @param nameOf the name of an identity */
  show(all: readonly Caption[], nameOf: (identity: string) => string): void {
    const captions = all.filter(({ language }) => this.#language === '' || language === this.#language);
    const line = ({ speaker, text }: Caption) => `${nameOf(speaker)}: ${text}`;
    const finals = captions.filter(({ final }) => final);
    for (const caption of finals) {
      if (this.#shown.has(caption.segmentId)) continue;
      const paragraph = document.createElement('p');
      paragraph.dir = 'auto';
      paragraph.lang = caption.language;
      paragraph.textContent = line(caption);
      this.#shown.set(caption.segmentId, paragraph);
      this.#lines.append(paragraph);
    }
    const kept = new Set(finals.map(({ segmentId }) => segmentId));
    for (const [segmentId, element] of this.#shown)
      if (!kept.has(segmentId)) {
        element.remove();
        this.#shown.delete(segmentId);
      }
    const unfinished = captions.filter(({ final }) => !final).map(line);
    setText(byId('caption-partial', HTMLElement), unfinished.join(' '));
  }
}
