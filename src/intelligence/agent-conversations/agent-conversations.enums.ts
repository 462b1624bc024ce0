/** `question`: a message of a person. `answer`: a message of the agent. */
export const MESSAGE_KINDS = ['question', 'answer'] as const;

/** A question is `complete`; an answer is `running`, or `awaiting` a decision of the person, until it is complete, failed or cancelled. */
export const MESSAGE_STATES = ['running', 'awaiting', 'complete', 'failed', 'cancelled'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];
