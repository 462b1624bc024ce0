/** The vocabularies of a live room, without a library behind them: for tables, schemas and rules alike. */

/** What a participant is in a room. Hosts and moderators moderate; an observer is not shown to the others. */
export const ROOM_ROLES = ['host', 'moderator', 'participant', 'viewer', 'agent', 'observer'] as const;
export type RoomRole = (typeof ROOM_ROLES)[number];

/** user: a person with an account. guest: joined through a link. service: represented by an API key. agent: an AI agent. */
export const CALLER_KINDS = ['user', 'guest', 'service', 'agent'] as const;
export type CallerKind = (typeof CALLER_KINDS)[number];

/** Different emoji with which people react to one message, also those taken back since: each is stored. */
export const MAX_EMOJI_PER_MESSAGE = 30;
/** Of these, by one person. */
export const MAX_EMOJI_PER_PERSON = 10;
/** Files that a message shows at most. */
export const MAX_FILES_PER_MESSAGE = 10;

/** What is reviewed: a message of the chat, or a caption. */
export const REVIEW_SUBJECTS = ['chat', 'caption'] as const;
/** The states of a review; all but the first are final. `withdrawn`: its subject is gone, so there is nothing to decide. */
export const REVIEW_STATES = ['open', 'approved', 'confirmed', 'withdrawn'] as const;
