/** How somebody wants captions, in every call in this browser. */
export interface CaptionChoice {
  on: boolean;
  /** BCP 47 tag; empty: as spoken. */
  language: string;
  size: CaptionSize;
}

export const CAPTION_SIZES = ['small', 'medium', 'large', 'huge'] as const;
export type CaptionSize = (typeof CAPTION_SIZES)[number];

const KEY = 'auralink.captions';
const BY_DEFAULT: CaptionChoice = { on: false, language: '', size: 'medium' };

/** The stored choice may come from this page, from an earlier version of it, or from somebody at the keyboard. */
export function parseChoice(stored: string | null): CaptionChoice {
  if (stored === null) return BY_DEFAULT;
  try {
    const { on, language, size } = JSON.parse(stored) as Partial<Record<keyof CaptionChoice, unknown>>;
    return {
      on: on === true,
      language: typeof language === 'string' && /^[\w-]{0,35}$/.test(language) ? language : '',
      size: CAPTION_SIZES.find((each) => each === size) ?? BY_DEFAULT.size,
    };
  } catch {
    return BY_DEFAULT;
  }
}

export function readChoice(): CaptionChoice {
  try {
    return parseChoice(localStorage.getItem(KEY));
  } catch {
    return BY_DEFAULT; // the browser stores nothing for this page
  }
}

/** @returns whether it is remembered */
export function rememberChoice(choice: CaptionChoice): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
    return true;
  } catch {
    return false; // it counts for this call alone
  }
}
