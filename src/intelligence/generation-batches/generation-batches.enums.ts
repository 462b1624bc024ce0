/** `submitting`: the provider is being asked to take it. `canceling`: its provider is asked to end it. */
export const BATCH_STATUSES = ['submitting', 'running', 'canceling', 'ended', 'failed'] as const;
export type BatchStatus = (typeof BATCH_STATUSES)[number];

/** Why it was cancelled: by its caller, because its caller may no longer ask, or because of the budget. */
export const BATCH_CANCEL_REASONS = ['cancelled', 'access_ended', 'out_of_budget'] as const;
export type BatchCancelReason = (typeof BATCH_CANCEL_REASONS)[number];

/** How a request of a batch ended, as its provider says it; `unreadable`: it gave no readable result. */
export const BATCH_RESULTS = ['succeeded', 'errored', 'canceled', 'expired', 'unreadable'] as const;
export const BATCH_REQUEST_STATUSES = ['waiting', ...BATCH_RESULTS] as const;
export type BatchRequestStatus = (typeof BATCH_REQUEST_STATUSES)[number];
