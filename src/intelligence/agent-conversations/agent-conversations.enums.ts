/** `question`: what a person said. `answer`: what the agent said. */
export const MESSAGE_KINDS = ['question', 'answer'] as const;

/** A question is `complete`; an answer is `running` until it is complete, failed or cancelled. */
export const MESSAGE_STATES = ['running', 'complete', 'failed', 'cancelled'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];
