/** Why a link cannot be used, in words for the visitor. */
export interface RefusalText {
  title: string;
  text: string;
}

const ASK_FOR_ANOTHER = 'Ask the person who sent it to you for a new one.';

const REFUSAL_TEXTS: Readonly<Record<string, RefusalText>> = {
  'links.not_found': {
    title: 'This link does not exist',
    text: 'Check that it is complete, or ask the person who sent it to you.',
  },
  'links.inactive': {
    title: 'This link is turned off',
    text: `It cannot be used to join at the moment. ${ASK_FOR_ANOTHER}`,
  },
  'links.expired': { title: 'This link has expired', text: ASK_FOR_ANOTHER },
  'links.exhausted': {
    title: 'This link has reached its limit',
    text: `The maximum number of people have joined through it. ${ASK_FOR_ANOTHER}`,
  },
  'links.call_ended': { title: 'The call has ended', text: 'This link was for one call only.' },
  'links.restricted': {
    title: 'This call is for members',
    text: 'Only members of its organization can join through this link. Sign in to join.',
  },
  'rooms.ended': { title: 'The call has ended', text: 'It cannot be joined anymore.' },
  'request.rate_limited': {
    title: 'Too many requests',
    text: 'Many people are opening links from your network. Wait a minute and reload this page.',
  },
};

/** For codes of the request itself, by which people learn nothing: the link is what they know. */
const NO_LINK = new Set(['request.not_found', 'request.invalid', 'request.method_not_allowed']);

/** @param code of the error */
export const refusalTextFor = (code: string): RefusalText =>
  REFUSAL_TEXTS[NO_LINK.has(code) ? 'links.not_found' : code] ?? {
    title: 'This link cannot be opened',
    text: 'Something is wrong on our side. Try again in a few minutes.',
  };
