/** Why a link leads nowhere, in words for whoever followed it. */
export interface RefusalText {
  title: string;
  text: string;
}

const ASK_FOR_ANOTHER = 'Ask whoever sent it to you for another one.';

const REFUSAL_TEXTS: Readonly<Record<string, RefusalText>> = {
  'links.not_found': {
    title: 'This link leads nowhere',
    text: 'Check that it is complete, or ask whoever sent it to you.',
  },
  'links.inactive': {
    title: 'This link is switched off',
    text: `It lets nobody in at the moment. ${ASK_FOR_ANOTHER}`,
  },
  'links.expired': { title: 'This link has expired', text: ASK_FOR_ANOTHER },
  'links.exhausted': {
    title: 'This link has been used up',
    text: `As many people as it was made for have joined by it. ${ASK_FOR_ANOTHER}`,
  },
  'links.call_ended': { title: 'The call is over', text: 'This link was for one call, which has ended.' },
  'links.restricted': {
    title: 'This meeting is for members',
    text: 'Only members of the organization that holds it can join by this link. Sign in to join.',
  },
  'rooms.ended': { title: 'The meeting has ended', text: 'Nobody can join it any more.' },
};

/** @param code the refusal's own */
export const refusalTextFor = (code: string): RefusalText =>
  REFUSAL_TEXTS[code] ?? { title: 'This link cannot be opened', text: 'Try again in a little while.' };
