/** Why a link leads nowhere, in words for whoever followed it. */
export interface Refusal {
  title: string;
  text: string;
}

const ASK = 'Ask whoever sent it to you for another one.';

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'links.not_found': {
    title: 'This link leads nowhere',
    text: 'Check that it is complete, or ask whoever sent it to you.',
  },
  'links.inactive': { title: 'This link is switched off', text: `It lets nobody in at the moment. ${ASK}` },
  'links.expired': { title: 'This link has expired', text: ASK },
  'links.exhausted': {
    title: 'This link has been used up',
    text: `As many people as it was made for have joined by it. ${ASK}`,
  },
  'links.call_ended': { title: 'The call is over', text: 'This link was for one call, which has ended.' },
  'links.restricted': {
    title: 'This meeting is for members',
    text: 'Only members of the organization that holds it can join by this link. Sign in to join.',
  },
  'rooms.ended': { title: 'The meeting has ended', text: 'Nobody can join it any more.' },
};

/** @param code the refusal's own */
export const refusalFor = (code: string): Refusal =>
  REFUSALS[code] ?? { title: 'This link cannot be opened', text: 'Try again in a little while.' };
