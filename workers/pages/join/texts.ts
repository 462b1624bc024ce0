/** The API's error codes in words for a guest. */
const ERROR_TEXTS: Readonly<Record<string, string>> = {
  'links.not_found': 'This link does not exist.',
  'links.inactive': 'This link is turned off.',
  'links.expired': 'This link has expired.',
  'links.exhausted': 'This link has reached its maximum number of uses.',
  'links.call_ended': 'This link was for a call that has ended.',
  'links.restricted': 'Only members of the organization can join this call.',
  'links.password_required': 'Enter the password of the call.',
  'links.wrong_password': 'The password is wrong.',
  'links.too_many_attempts': 'There were too many wrong passwords. Try again later.',
  'rooms.ended': 'The call has ended.',
  'rooms.locked': 'The call is locked. Nobody else can join at the moment.',
  'rooms.full': 'The call is full.',
  'rooms.removed': 'You were removed from the call.',
  'rooms.recording_consent_required': 'The call is recorded. Ask again to agree to that and to join.',
  'rooms.network_excluded': 'Somebody was removed from this call. Guests of the same network cannot join it.',
  'rooms.seats_unclaimed': 'Too many people are joining at once. Try again in a few seconds.',
  'rooms.denied': 'A host declined your request to join.',
  'request.rate_limited': 'Too many people are joining from your network. Try again in a minute.',
  'billing.limit_reached': 'The plan of the organization has no minutes left this month. Ask the host.',
  'clusters.not_configured': 'Calls are not available here.',
  network: 'The call cannot be reached. Check your internet connection.',
};

export const errorTextFor = (code: string): string =>
  ERROR_TEXTS[code] ?? 'You cannot join the call right now. Try again in a few minutes.';

const START_PROBLEMS: Readonly<Record<string, string>> = {
  'recordings.already_recording': 'The call is being recorded already.',
  'recordings.switched_off': 'Recordings are switched off in this room.',
  'recordings.no_storage': 'The organization of this call has no storage for recordings.',
  'recordings.too_many': 'The organization of this call has too many recordings that run.',
  'recordings.no_call': 'The call has only just begun. Try again in a few seconds.',
  'moderation.not_moderator': 'Only hosts and moderators can start a recording.',
  'recordings.bucket_failing': 'The storage of the organization cannot be reached at the moment.',
  'billing.feature_not_included': 'Recordings are not part of the plan of this organization.',
  'billing.limit_reached': 'The organization of this call has no storage left.',
};

/** Why a recording was not started. @param code of the error */
export const describeStartProblem = (code: string): string =>
  START_PROBLEMS[code] ?? 'The recording could not be started. Try again.';

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  'files.not_found': 'This file is not shared any more.',
  'files.scan_pending': 'This file is still being scanned. Try again in a few seconds.',
  'files.infected': 'This file contains a virus and cannot be downloaded.',
  'files.not_scannable': 'This file could not be scanned and cannot be downloaded.',
};

/** Why a file was not downloaded. @param code of the error */
export const describeFileProblem = (code: string): string =>
  FILE_PROBLEMS[code] ?? 'The file could not be downloaded. Try again.';

const CAPTION_PROBLEMS: Readonly<Record<string, string>> = {
  'captions.not_configured': 'Captions are not available here.',
  'captions.switched_off': 'Captions are switched off in this room.',
  'captions.no_call': 'The call has only just begun. Try again in a few seconds.',
  'captions.already_running': 'Captions are on already.',
  'captions.not_running': 'Captions are off already.',
  'moderation.not_moderator': 'Only hosts and moderators can switch captions on and off for everybody.',
  'speech.price_unknown': 'The budget of the organization does not allow captions.',
  'billing.feature_not_included': 'Captions are not part of the plan of this organization.',
};

/** Why captions were not switched on or off. @param code of the error */
export const describeCaptionProblem = (code: string): string =>
  CAPTION_PROBLEMS[code] ?? 'Captions could not be switched on or off. Try again.';

/** Why the browser does not give access to a device. @param what `camera`, `microphone` or `screen` */
export function describeDeviceError(error: unknown, what: string): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError')
    return `The ${what} is blocked. Allow it in your browser’s settings for this page.`;
  if (name === 'NotFoundError') return `No ${what} was found.`;
  if (name === 'NotReadableError') return `The ${what} is in use by another program.`;
  return `The ${what} cannot be used.`;
}

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
export const formatTime = (iso: string): string => timeFormat.format(new Date(iso));

/** Whether an identity is that of a guest, as the protocol names them. */
export const isGuest = (identity: string): boolean => identity.startsWith('gst_');

export const initialsOf = (name: string): string =>
  name
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase() ?? '')
    .join('');
